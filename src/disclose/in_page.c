/*
 * The stylesheet of what is put into other people's pages. It knows no selector but the two elements and their
 * children, and brings colours of its own, light and dark, so that it reads well on any page.
 */

#include "disclose/disclose.h"

#define NAV    "nav[data-consent=\"contact\"]"
#define ASIDE  "aside[data-consent=\"notice\"]"

static const char  in_page_css[] =
    "/* The way to a person, and the notice that a machine wrote: two elements, and no selector for anything else. */\n"
    NAV ", " ASIDE " {\n"
    "  all: revert;\n"
    "  box-sizing: border-box;\n"
    "  display: block;\n"
    "  position: relative;\n"
    "  z-index: 2147483000;\n"
    "  margin: 0;\n"
    "  padding: .4rem 1rem;\n"
    "  border: 0 solid #0b5d4b;\n"
    "  border-block-end-width: 1px;\n"
    "  font: 1rem/1.5 system-ui, sans-serif;\n"
    "  text-align: start;\n"
    "  overflow-wrap: anywhere;\n"
    "  color: #1b2430;\n"
    "  background: #f3f6f4;\n"
    "}\n"
    ASIDE " { padding-block: .6rem; border-block-end-width: 2px; }\n"
    ASIDE " > p { all: revert; unicode-bidi: plaintext; margin: 0; }\n"
    ASIDE " > p > b {\n"
    "  all: revert;\n"
    "  font-weight: 700;\n"
    "  padding: 0 .35rem;\n"
    "  border: 2px solid currentColor;\n"
    "  border-radius: .3rem;\n"
    "}\n"
    NAV " > a {\n"
    "  all: revert;\n"
    "  display: inline-block;\n"
    "  unicode-bidi: plaintext;\n"
    "  min-height: 1.5rem;\n"
    "  margin-inline-end: 1rem;\n"
    "  color: #0b5d4b;\n"
    "  text-decoration: underline;\n"
    "}\n"
    NAV " > a:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  " NAV ", " ASIDE " { color: #e6ece9; background: #16211d; border-color: #7fd1b9; }\n"
    "  " NAV " > a { color: #8fdcc5; }\n"
    "}\n"
    "@media print {\n"
    "  " NAV ", " ASIDE " { position: static; color: #000; background: none; }\n"
    "  " NAV " > a { color: inherit; }\n"
    "}\n";

const consent_slice_t  consent_in_page_css = { (const uint8_t *) in_page_css, sizeof(in_page_css) - 1 };
