/* pages.c - see pages.h. */
#include "pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kata.h"

char *pages_path(const char *dir, const char *name)
{
    static char paths[8][2048];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, 2048, "%s/%s", dir, name);
    return path;
}

char *pages_text(const char *dir, const char *name)
{
    size_t num_bytes;
    return (char *)kata_read_file(pages_path(dir, name), &num_bytes);
}

void pages_write(const char *dir, const char *name, const char *text)
{
    kata_write_file(pages_path(dir, name), text, strlen(text));
}

int32_t pages_count(const char *text, const char *word)
{
    int32_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) count++;
    return count;
}

void pages_expect(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("\"%s\" is missing in:\n%.3000s", words, text);
}

/* Every element that is opened is closed; nothing runs and nothing is fetched. */
void pages_expect_well_formed(const char *page)
{
    static const char *const elements[] = { "table", "tr", "td", "th",   "div",  "figure",
                                            "svg",   "ul", "li", "main", "body", "html" };
    assert_memory_equal(page, "<!doctype html>", 15);
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        char open[16], with[16], close[16];
        snprintf(open, sizeof open, "<%s>", elements[i]);
        snprintf(with, sizeof with, "<%s ", elements[i]);
        snprintf(close, sizeof close, "</%s>", elements[i]);
        assert_int_equal(pages_count(page, open) + pages_count(page, with),
                         pages_count(page, close));
    }
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "http"));
    assert_int_equal(pages_count(page, "<img"),
                     pages_count(page, "src=\"data:image/png;base64,iVBOR"));
}

const char *pages_browser(void)
{
    static const char *const names[] = { "/usr/bin/chromium", "/usr/bin/google-chrome" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (access(names[i], X_OK) == 0) return names[i];
    return NULL;
}

char *pages_browse(const char *page, int width, char **console)
{
    char command[3000];
    const char *dom = kata_path("dom.html"), *log = kata_path("console.txt");
    snprintf(command, sizeof command,
             "timeout 120 %s --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
             "--user-data-dir='%s' --window-size=%d,900 --virtual-time-budget=10000 "
             "--enable-logging=stderr --dump-dom 'file://%s' >'%s' 2>'%s'",
             pages_browser(), kata_path("profile"), width, page, dom, log);
    assert_int_equal(system(command), 0);
    *console = pages_text(kata_dir(), "console.txt");
    return pages_text(kata_dir(), "dom.html");
}
