/*
 * How tables for people are laid out: 100 columns, labels on the left, long lists and texts over several lines.
 */

#ifndef CONSENT_LAYOUT_H
#define CONSENT_LAYOUT_H

#include "base/buf.h"
#include "base/when.h"

#define CONSENT_LAYOUT_WIDTH  100
#define CONSENT_LAYOUT_LABEL  14        /* columns of a label and the space behind it */

void consent_layout_label(consent_buf_t *b, const char *label);

/* A column of a table and the space behind it; what is too long is cut. */
void consent_layout_cell(consent_buf_t *b, consent_slice_t s, size_t width);

/* A label and items with commas, over as many lines as they need; nothing for none. */
void consent_layout_items(consent_buf_t *b, const char *label, const consent_slice_t *items, size_t n);

/* A label and a text, broken between words. */
void consent_layout_text(consent_buf_t *b, const char *label, consent_slice_t text);

/* "6 months", "1 day 12 hours" */
void consent_layout_duration(consent_buf_t *b, consent_duration_t d);

/* Ends a line, without spaces at its end. */
void consent_layout_end(consent_buf_t *b);

#endif
