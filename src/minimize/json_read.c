/*
 * The reader: strict JSON (RFC 8259), resumable at any byte, in constant memory.
 *
 * Which comma goes with a member that is taken out: the one before it when something before it has passed, else the one
 * behind it. So a comma is undecided until the name behind it is known, with the white space between; all other white
 * space passes. What is left is valid whether the first, the last or the only member went, and keeps its bytes.
 */

#include "minimize/json_token.h"


static inline json_frame_t *
read_frame(const json_reader_t *r)
{
    return &r->all->frames[r->depth];
}


consent_rc_t
consent_json_reader_feed(json_reader_t *r, const uint8_t *in, size_t n, bool last)
{
    consent_rc_t    rc;
    json_all_t     *all;
    json_frame_t   *frame;
    const uint8_t  *p, *q, *end;

    all = r->all;
    frame = read_frame(r);

    if (n == 0) {
        in = (const uint8_t *) "";
    }

    p = in;
    end = in + n;

    r->in = p;
    r->end = end;
    r->from = p;
    r->cut = r->undecided ? p : NULL;
    r->token = p;

    if (n == 0) {
        goto done;
    }

resume:

    switch (r->at) {
    case JSON_AT_START:
        goto start;
    case JSON_AT_VALUE:
        goto value;
    case JSON_AT_FIRST_ELEMENT:
        goto first_element;
    case JSON_AT_FIRST_NAME:
        goto first_name;
    case JSON_AT_NAME:
        goto name;
    case JSON_AT_COLON:
        goto colon;
    case JSON_AT_NEXT:
        goto next;
    case JSON_AT_END:
        goto ended;
    case JSON_IN_NAME:
        goto in_name;
    case JSON_IN_STRING:
        goto in_string;
    case JSON_IN_NUMBER:
        goto in_number;
    default:
        goto in_word;
    }

start:

    r->at = JSON_AT_START;
    rc = consent_json_reader_start(r, &p, end);

    if (rc != CONSENT_OK) {
        goto failed;
    }

    if (p == end) {
        goto done;
    }

    goto begin_value;

value:

    r->at = JSON_AT_VALUE;

    if ((consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (r->depth > r->base && !(frame->flags & JSON_OBJECT)) {

element:

        r->state = consent_json_paths_next(all->paths, frame->state, CONSENT_JSON_INDEX);
        r->known = frame->flags & (JSON_KNOWN | JSON_CARRIES);

        if (frame->flags & (JSON_CARRIES | JSON_GOES) || all->names) {
            rc = consent_json_element(r, p);

            if (rc != CONSENT_OK) {
                goto failed;
            }
        }
    }

begin_value:

    switch (*p) {

    case '"':
        p++;
        goto string;

    case '{':
        rc = consent_json_reader_open(r, true);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        p++;
        frame = read_frame(r);

        if (r->drop == 0) {
            r->cut = p;
        }

        if (p == end) {
            r->at = JSON_AT_FIRST_NAME;
            goto done;
        }

        goto first_name;

    case '[':
        rc = consent_json_reader_open(r, false);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        p++;
        frame = read_frame(r);

        if (p == end) {
            r->at = JSON_AT_FIRST_ELEMENT;
            goto done;
        }

        goto first_element;

    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':

        if (all->masks && r->drop == 0) {
            r->cut = p;
        }

        r->token = p;
        r->number = *p == '-' ? JSON_NUMBER_MINUS : *p == '0' ? JSON_NUMBER_ZERO : JSON_NUMBER_INTEGER;
        p++;
        goto in_number;

    case 't':
        r->word = "rue";
        break;
    case 'f':
        r->word = "alse";
        break;
    case 'n':
        r->word = "ull";
        break;
    default:
        goto fail;
    }

    p++;

in_word:

    for ( /* void */ ; p < end && *r->word != '\0'; p++, r->word++) {
        if (*p != (uint8_t) *r->word) {
            goto fail;
        }
    }

    if (*r->word != '\0') {
        r->at = JSON_IN_WORD;
        goto done;
    }

    goto value_ended;

in_number:

    p = consent_json_number_read(r, p, end);

    if (p == end) {
        r->at = JSON_IN_NUMBER;
        goto done;
    }

    if (!consent_json_number_whole(r)) {
        goto fail;
    }

    if (r->cut != NULL) {
        rc = consent_json_number(r, p);

        if (rc != CONSENT_OK) {
            goto failed;
        }
    }

    goto value_ended;

string:

    consent_json_scan_begin(&r->scan);
    r->at = JSON_IN_STRING;
    r->string = JSON_STRING_PASSES;

    if (r->drop != 0) {
        goto in_string;
    }

    if (p == end || (consent_json_class[*p] & JSON_IS_NEST)) {
        r->string = JSON_STRING_NEST;

    } else if (all->queries) {
        r->string = JSON_STRING_QUERY;

    } else if (all->masks) {
        r->string = JSON_STRING_TEXT;
    }

    q = consent_json_scan(&r->scan, p, end);

    if (q != NULL && q < end) {

        if (r->string == JSON_STRING_TEXT || r->string == JSON_STRING_QUERY) {
            r->string = (uint8_t) consent_json_string_is(r, p, (size_t) (q - p));
        }

        if (r->string == JSON_STRING_PASSES) {
            p = q + 1;
            goto value_ended;
        }
    }

    if (r->string != JSON_STRING_PASSES) {
        rc = consent_json_reader_pass(r, p);

        if (rc == CONSENT_OK) {
            rc = consent_json_string_begin(r, r->string);
        }

        if (rc != CONSENT_OK) {
            goto failed;
        }
    }

    goto scanned;

in_string:

    q = consent_json_scan(&r->scan, p, end);

scanned:

    if (q == NULL) {
        p = r->scan.bad;
        goto fail;
    }

    if (r->string != JSON_STRING_PASSES) {
        rc = consent_json_string_feed(r, p, (size_t) (q - p), q < end);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        r->from = q;
    }

    if (q == end) {
        goto done;
    }

    p = q + 1;

value_ended:

    if (r->drop == 0) {
        frame->flags |= JSON_KEPT;

    } else if (r->drop == r->depth + 1) {
        rc = consent_json_reader_pass(r, p);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        r->drop = 0;
    }

    if (r->depth == r->base) {
        r->at = JSON_AT_END;
        goto ended;
    }

    if (p == end) {
        r->at = JSON_AT_NEXT;
        goto done;
    }

next:

    r->at = JSON_AT_NEXT;

    if (consent_json_fast_may(r, p, end)) {
        rc = consent_json_fast(r, &p, end);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        if (r->at != JSON_AT_NEXT) {
            frame = read_frame(r);
            goto resume;
        }

        frame = read_frame(r);
    }

    if ((consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (*p == ',') {

        if (r->drop == 0) {

            if (frame->flags & JSON_KEPT) {
                if (frame->flags & JSON_OBJECT) {
                    r->cut = p;
                }

            } else {
                /* nothing before it is left */
                rc = consent_json_reader_pass(r, p);

                if (rc == CONSENT_OK) {
                    rc = consent_json_reader_say(r, 1, &(consent_slice_t) { NULL, 0 });
                }

                if (rc != CONSENT_OK) {
                    goto failed;
                }

                r->from = p + 1;
                r->cut = frame->flags & JSON_OBJECT ? p + 1 : NULL;
            }
        }

        p++;

        if (frame->flags & JSON_OBJECT) {

            if (p == end) {
                r->at = JSON_AT_NAME;
                goto done;
            }

            goto name;
        }

        if (p == end) {
            r->at = JSON_AT_VALUE;
            goto done;
        }

        goto value;
    }

    if (*p != (frame->flags & JSON_OBJECT ? '}' : ']')) {
        goto fail;
    }

close:

    p++;
    r->depth--;
    frame = read_frame(r);

    goto value_ended;

first_element:

    r->at = JSON_AT_FIRST_ELEMENT;

    if ((consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (*p == ']') {
        goto close;
    }

    goto element;

first_name:

    r->at = JSON_AT_FIRST_NAME;

    if ((consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (*p == '}') {

        if (r->cut != NULL) {
            rc = consent_json_reader_keep(r);

            if (rc != CONSENT_OK) {
                goto failed;
            }
        }

        goto close;
    }

name:

    r->at = JSON_AT_NAME;

    if ((consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (*p != '"') {
        goto fail;
    }

    p++;
    r->token = p;
    consent_json_scan_begin(&r->scan);

in_name:

    q = consent_json_scan(&r->scan, p, end);

    if (q == NULL) {
        p = r->scan.bad;
        goto fail;
    }

    if (q == end) {
        r->at = JSON_IN_NAME;
        goto done;
    }

    if (r->drop == 0) {
        rc = consent_json_member(r, q);

        if (rc != CONSENT_OK) {
            goto failed;
        }
    }

    p = q + 1;

colon:

    r->at = JSON_AT_COLON;

    if (p < end && (consent_json_class[*p] & JSON_IS_SPACE) && !consent_json_space(r, &p, end)) {
        goto fail;
    }

    if (p == end) {
        goto done;
    }

    if (*p != ':') {
        goto fail;
    }

    p++;
    r->at = JSON_AT_VALUE;

    if (p == end) {
        goto done;
    }

    goto value;

ended:

    /* white space, and another document where there may be one */

    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }

    if (p == end) {
        goto done;
    }

    if (*p == '\n' && r->lines != JSON_LINES_PLAIN && r->level == 0) {
        p++;
        goto ended;
    }

    if ((*p == '\n' && r->lines == JSON_LINES_PLAIN) || (*p == 0x1e && r->lines == JSON_LINES_SEQUENCE)
        || r->level > 0)
    {
        goto start;
    }

fail:

    rc = consent_json_reader_fail(r, p);
    goto failed;

done:

    if (last && r->at == JSON_IN_NUMBER && r->depth == r->base && consent_json_number_whole(r)) {
        rc = r->cut == NULL ? CONSENT_OK : consent_json_number(r, end);

        if (rc != CONSENT_OK) {
            goto failed;
        }

        r->at = JSON_AT_END;
    }

    if (last && !consent_json_reader_complete(r)) {
        p = end;
        goto fail;
    }

    rc = consent_json_reader_save(r, end);
    r->seen += n;

failed:

    return rc;
}
