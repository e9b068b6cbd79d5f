/* Unit tests, as far as the stand-in runs them; its program always has them. */
#ifndef STAND_IN_TEST_H
#define STAND_IN_TEST_H

struct ast_test;

struct ast_test_info {
	const char *name;
	const char *category;
	const char *summary;
	const char *description;
};

enum ast_test_command { TEST_INIT, TEST_EXECUTE };
enum ast_test_result_state { AST_TEST_NOT_RUN, AST_TEST_PASS, AST_TEST_FAIL };
typedef enum ast_test_result_state(ast_test_cb_t)(
	struct ast_test_info *info, enum ast_test_command cmd, struct ast_test *test);

int ast_test_register(ast_test_cb_t *call);
int ast_test_unregister(ast_test_cb_t *call);
void ast_test_status_update_full(struct ast_test *test, const char *file, const char *func, int line, const char *said);

#define AST_TEST_DEFINE(hdr) \
	static enum ast_test_result_state hdr(struct ast_test_info *info, enum ast_test_command cmd, struct ast_test *test)
#define AST_TEST_REGISTER(hdr) ast_test_register(hdr)
#define AST_TEST_UNREGISTER(hdr) ast_test_unregister(hdr)
#define ast_test_status_update(t, s) ast_test_status_update_full((t), __FILE__, __func__, __LINE__, (s))

#endif
