/*
 * Temporary files and directories; sounds are in Python (runtime/api/file.py).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <dirent.h>
#include <sys/stat.h>

#include "asterisk/file.h"

FILE *ast_file_mkftemp(char *template_name, mode_t mode)
{
	int fd = template_name ? mkstemp(template_name) : -1;
	FILE *file;

	if (fd < 0) {
		return NULL;
	}
	file = fchmod(fd, mode) ? NULL : fdopen(fd, "w+");
	if (!file) {
		close(fd);
		unlink(template_name);
	}
	return file;
}

int ast_file_fdtemp(const char *path, char **filename, const char *template_name)
{
	int fd;

	if (!path || !filename || !template_name || ast_mkdir(path, 0777)
		|| ast_asprintf(filename, "%s/%s", path, template_name) < 0) {
		return -1;
	}
	fd = mkstemp(*filename);
	if (fd < 0) {
		ast_free(*filename);
		*filename = NULL;
	}
	return fd;
}

static int read_dirs(const char *dir_name, ast_file_on_file on_file, void *obj, int depth);

/* An entry of a directory: 0 to go on. */
static int on_entry(const char *dir_name, const char *name, ast_file_on_file on_file, void *obj, int depth)
{
	char path[PATH_MAX];
	struct stat what;

	if (!strcmp(name, ".") || !strcmp(name, "..")) {
		return 0;
	}
	if (snprintf(path, sizeof(path), "%s/%s", dir_name, name) >= (int) sizeof(path) || stat(path, &what)) {
		return 0;
	}
	if (S_ISDIR(what.st_mode)) {
		return depth ? read_dirs(path, on_file, obj, depth) : 0;
	}
	return S_ISREG(what.st_mode) ? on_file(dir_name, name, obj) : 0;
}

static int read_dirs(const char *dir_name, ast_file_on_file on_file, void *obj, int depth)
{
	DIR *dir = opendir(dir_name);
	struct dirent *entry;
	int result = 0;

	if (!dir) {
		ast_log(LOG_ERROR, "the directory '%s' cannot be read: %s\n", dir_name, strerror(errno));
		return -1;
	}
	while (!result && (errno = 0, entry = readdir(dir))) {
		result = on_entry(dir_name, entry->d_name, on_file, obj, depth - 1);
	}
	closedir(dir);
	return result;
}

int ast_file_read_dirs(const char *dir_name, ast_file_on_file on_file, void *obj, int max_depth)
{
	if (!dir_name || !on_file || !max_depth) {
		return -1;
	}
	errno = 0;
	return read_dirs(dir_name, on_file, obj, max_depth);
}
