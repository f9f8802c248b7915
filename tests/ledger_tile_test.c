/*
 * Paths of tiles in their one spelling, and which tiles a tree has.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/tile.h"


static void
paths_are_written_and_read_alike(void **state)
{
    char            path[CONSENT_TILE_PATH_MAX];
    size_t          i, len;
    consent_tile_t  tile;

    static const struct {
        consent_tile_t  tile;
        const char     *path;
    } rows[] = {
        { { false, 0, 5, 256 }, "tile/0/005" },
        { { false, 0, 999, 256 }, "tile/0/999" },
        { { false, 0, 1000, 256 }, "tile/0/x001/000" },
        { { false, 0, 1234067, 256 }, "tile/0/x001/x234/067" },
        { { false, 0, 1234, 5 }, "tile/0/x001/234.p/5" },
        { { false, 0, 273, 112 }, "tile/0/273.p/112" },
        { { false, 1, 0, 1 }, "tile/1/000.p/1" },
        { { false, 2, 0, 255 }, "tile/2/000.p/255" },
        { { false, 7, 0, 255 }, "tile/7/000.p/255" },
        { { true, 0, 0, 5 }, "tile/entries/000.p/5" },
        { { true, 0, 1000000, 256 }, "tile/entries/x001/x000/000" },
        { { false, 0, UINT64_MAX / 256, 255 }, "tile/0/x072/x057/x594/x037/x927/935.p/255" },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        len = consent_tile_path(path, &rows[i].tile);
        assert_string_equal(path, rows[i].path);
        assert_int_equal(len, strlen(path));

        assert_int_equal(consent_tile_parse(&tile, consent_slice(path, len)), CONSENT_OK);
        assert_int_equal(tile.entries, rows[i].tile.entries);
        assert_int_equal(tile.level, rows[i].tile.level);
        assert_int_equal(tile.index, rows[i].tile.index);
        assert_int_equal(tile.width, rows[i].tile.width);
    }
}


static void
there_is_one_spelling(void **state)
{
    size_t          i;
    consent_tile_t  tile;

    static const char  *rows[] = {
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/5", "tile/0/05", "tile/0/0005", "/tile/0/005", "tile/0/005/",
        "tile//005", "tile/00/005", "tile/8/005", "tile/10/005", "tile/-1/005", "tile/+0/005", "tile/a/005",
        "tile/0/x000/005", "tile/0/x001", "tile/0/x001/", "tile/0/x001/x000", "tile/0/001/000", "tile/0/X001/000",
        "tile/0/x1/000", "tile/0/xx001/000", "tile/0/x001//000", "tile/0/00a", "tile/0/ 05",
        "tile/0/005.p", "tile/0/005.p/", "tile/0/005.p/0", "tile/0/005.p/00", "tile/0/005.p/01", "tile/0/005.p/256",
        "tile/0/005.p/999", "tile/0/005.p/1000", "tile/0/005.p/-1", "tile/0/005.p/1/", "tile/0/005.p/1a", "tile/0/005.P/1",
        "tile/0/005p/1", "tile/0/005/1", "tile/entries", "tile/entries/", "tile/entries/5", "tile/entries/0/005",
        "tile/entries/x000/000", "tile/data/000", "tile/8/0/000", "Tile/0/005", "tile/0/../005", "tile/0/%30%30%35",
        "tile/0/x072/x057/x594/x037/x927/936",                              /* beyond 2^64 */
        "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_tile_parse(&tile, consent_cstr(rows[i])) != CONSENT_MALFORMED) {
            fail_msg("taken: %s", rows[i]);
        }
    }

    assert_int_equal(consent_tile_parse(&tile, consent_slice("tile/0/005\0", 11)), CONSENT_MALFORMED);
}


static void
a_tree_has_these_tiles(void **state)
{
    size_t  i;

    static const struct {
        uint64_t  size;
        unsigned  level;
        uint64_t  index;
        unsigned  width;
    } rows[] = {
        { 0, 0, 0, 0 },
        { 1, 0, 0, 1 },
        { 5, 0, 0, 5 },
        { 5, 0, 1, 0 },
        { 5, 1, 0, 0 },
        { 255, 0, 0, 255 },
        { 255, 1, 0, 0 },
        { 256, 0, 0, 256 },
        { 256, 0, 1, 0 },
        { 256, 1, 0, 1 },
        { 256, 2, 0, 0 },
        { 257, 0, 1, 1 },
        { 65535, 1, 0, 255 },
        { 65536, 1, 0, 256 },
        { 65536, 1, 1, 0 },
        { 65536, 2, 0, 1 },
        { 70000, 0, 272, 256 },
        { 70000, 0, 273, 112 },
        { 70000, 0, 274, 0 },
        { 70000, 1, 0, 256 },
        { 70000, 1, 1, 17 },
        { 70000, 1, 2, 0 },
        { 70000, 2, 0, 1 },
        { 70000, 3, 0, 0 },
        { UINT64_MAX, 0, UINT64_MAX / 256, 255 },
        { UINT64_MAX, 0, UINT64_MAX / 256 + 1, 0 },
        { UINT64_MAX, 0, UINT64_MAX, 0 },
        { UINT64_MAX, 7, 0, 255 },
        { UINT64_MAX, 8, 0, 0 },
        { UINT64_MAX, 63, 0, 0 },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_tile_width(rows[i].level, rows[i].index, rows[i].size) != rows[i].width) {
            fail_msg("row %zu", i);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(paths_are_written_and_read_alike),
        cmocka_unit_test(there_is_one_spelling),
        cmocka_unit_test(a_tree_has_these_tiles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
