/* package_show.h - what is in a .kata file, for a person who decides whether to keep it. */
#ifndef TRAINER_PACKAGE_SHOW_H
#define TRAINER_PACKAGE_SHOW_H

#include "package.h"

void package_show(const package_t *package);
/* "won 96 % of 50 (86 to 99 %)", or "never evaluated". */
#define PACKAGE_RATING_BYTES 128
void package_rating_text(char out[PACKAGE_RATING_BYTES], const package_rating_t *rating);

#endif
