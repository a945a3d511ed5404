/* axes.h - where numbers lie in a plot, and round numbers for its ticks. */
#ifndef DRAWING_AXES_H
#define DRAWING_AXES_H

typedef struct {
    double left, right, top, bottom; /* of the plot, in pixels */
    double x_max, y_min, y_max;      /* of the numbers; x begins at 0 */
    double x_step, y_step;           /* between two ticks */
} axes_t;

/* In pixels. */
double axes_x(const axes_t *axes, double x);
double axes_y(const axes_t *axes, double y);

/* 1, 2 or 5 times a power of ten, so that `span` > 0 has at most `most` ticks. */
double axes_round_step(double span, int most);

/* y_min, y_max and y_step: round numbers around [low, high], which may be one number. */
void axes_choose_y(axes_t *axes, double low, double high);

#endif
