/* axes.c - see axes.h. */
#include "axes.h"

#include <math.h>

double axes_x(const axes_t *axes, double x)
{
    return axes->left + (axes->right - axes->left) * x / axes->x_max;
}

double axes_y(const axes_t *axes, double y)
{
    return axes->bottom -
           (axes->bottom - axes->top) * (y - axes->y_min) / (axes->y_max - axes->y_min);
}

double axes_round_step(double span, int most)
{
    const double rough = span / most, power = pow(10, floor(log10(rough)));
    const double digits = rough / power;
    return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
}

void axes_choose_y(axes_t *axes, double low, double high)
{
    if (high - low < 1e-6) high = low + 1;
    axes->y_step = axes_round_step(high - low, 6);
    /* What is a tick but for its rounding stays one. */
    axes->y_min = floor(low / axes->y_step + 1e-9) * axes->y_step;
    axes->y_max = ceil(high / axes->y_step - 1e-9) * axes->y_step;
}
