"""Streams and topologies as C modules describe them."""

from __future__ import annotations

from native_support import Try

HEADERS = ("stream", "format_cache", "format_cap")


def test_a_topology_has_a_stream_for_each_type_of_media(tried_application: Try) -> None:
    assert tried_application(
        HEADERS,
        r"""
	struct ast_format_cap *cap = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT), *found;
	struct ast_stream_topology *topology, *copy;
	struct ast_vector_int types = { 0 }, there = { 0 }, back = { 0 };
	struct ast_stream *stream;

	ast_format_cap_append(cap, ast_format_ulaw, 0);
	ast_format_cap_append(cap, ast_format_h264, 0);
	topology = ast_stream_topology_create_from_format_cap(cap);
	copy = ast_stream_topology_clone(topology);
	SAY("%d %s\n", ast_stream_topology_get_count(topology), ast_stream_topology_to_stra(topology));
	SAY("%d\n", ast_stream_topology_equal(topology, copy));
	stream = ast_stream_topology_get_first_stream_by_type(copy, AST_MEDIA_TYPE_VIDEO);
	ast_stream_set_state(stream, AST_STREAM_STATE_REMOVED);
	SAY("%d %d\n", ast_stream_topology_equal(topology, copy), ast_stream_topology_get_active_count(copy));
	found = ast_stream_topology_get_formats(copy);
	SAY("%d\n", (int) ast_format_cap_count(found));
	ao2_cleanup(found);
	SAY("%d\n", ast_stream_topology_append_stream(copy, ast_stream_alloc("mine", AST_MEDIA_TYPE_AUDIO)));
	AST_VECTOR_INIT(&types, 1);
	ast_stream_topology_map(copy, &types, &there, &back);
	SAY("%d %d %d\n", AST_VECTOR_GET(&there, 2), AST_VECTOR_GET(&back, 1), (int) AST_VECTOR_SIZE(&types));
	SAY("%d %d\n", ast_stream_topology_del_stream(copy, 0), ast_stream_topology_del_stream(copy, 9));
	SAY("%s %d\n", ast_stream_get_name(ast_stream_topology_get_stream(copy, 1)),
		ast_stream_get_position(ast_stream_topology_get_stream(copy, 1)));
	SAY("%d\n", ast_stream_topology_set_stream(copy, 0, ast_stream_alloc(NULL, AST_MEDIA_TYPE_TEXT)));
	SAY("%s\n", ast_stream_to_stra(ast_stream_topology_get_stream(copy, 0)));
	SAY("%d\n", ast_stream_topology_set_stream(copy, 7, NULL));
	ast_stream_topology_free(topology);
	ast_stream_topology_free(copy);
	ao2_cleanup(cap);
	AST_VECTOR_FREE(&types);
	AST_VECTOR_FREE(&there);
	AST_VECTOR_FREE(&back);
""",
    ) == [
        "2  <0:audio-0:audio:sendrecv (ulaw)> <1:video-1:video:sendrecv (h264)>",
        "1",
        "0 1",
        "1",
        "2",
        "2 1 3",
        "0 -1",
        "mine 1",
        "0",
        "0:text-0:text:inactive (nothing)",
        "-1",
    ]


def test_a_stream_keeps_texts_by_key(tried_application: Try) -> None:
    assert tried_application(
        HEADERS,
        r"""
	struct ast_stream *stream = ast_stream_alloc("one", AST_MEDIA_TYPE_AUDIO), *copy;
	struct ast_variable *all;

	SAY("%d\n", ast_stream_set_metadata(stream, "a", "1"));
	SAY("%d\n", ast_stream_set_metadata(stream, "b", "2"));
	SAY("%d%d\n", ast_stream_set_metadata(stream, "a", "3"), ast_stream_set_metadata(stream, NULL, "3"));
	copy = ast_stream_clone(stream, "two");
	ast_stream_set_metadata(stream, "b", NULL);
	all = ast_stream_get_metadata_list(copy);
	SAY("%s %d %s %s\n", ast_stream_get_metadata(stream, "a"), ast_stream_get_metadata(stream, "b") == NULL,
		ast_stream_get_metadata(copy, "b"), all->value);
	SAY("%s %d %s\n", ast_stream_get_name(copy), ast_stream_get_group(copy), ast_stream_state2str(99));
	SAY("%d %d\n", ast_stream_str2state("recvonly"), ast_stream_str2state("else"));
	SAY("%d %d %d\n", ast_stream_get_name(NULL) == NULL, ast_stream_get_position(NULL),
		ast_stream_topology_get_count(NULL));
	ast_variables_destroy(all);
	ast_stream_free(stream);
	ast_stream_free(copy);
	ast_stream_free(NULL);
	ast_stream_topology_free(NULL);
""",
    ) == ["0", "0", "0-1", "3 1 2 3", "two -1 <unknown>", "3 4", "1 -1 0"]
