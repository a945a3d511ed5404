/* cmocka.h - the installed cmocka, whichever version: the tests say assert_in_range() of 1.1,
 * which 2.0 deprecates; there it becomes assert_uint_in_range(), which compares the same way,
 * without a sign. */
#ifndef TEST_CMOCKA_H
#define TEST_CMOCKA_H

#include_next <cmocka.h>

#ifdef assert_uint_in_range
#undef assert_in_range
#define assert_in_range(value, minimum, maximum) assert_uint_in_range(value, minimum, maximum)
#endif

#endif
