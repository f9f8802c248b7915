/*
 * What a request to a chat says about the answer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "disclose/chat.h"


static void
requests_say_what_the_answer_may_be(void **state)
{
    static const struct {
        int          line;
        const char  *body;
        bool         known, later, json;
    } rows[] = {
        { __LINE__, "{\"messages\":[{\"role\":\"system\"},{\"role\":\"user\",\"content\":\"Hej\"}]}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[{\"role\":\"user\"},{\"content\":[{\"x\":1}],\"role\":\"assistant\"}]}", 1, 1, 0 },
        { __LINE__, "{\"messages\":[{\"role\":\"user\",\"content\":\"{\\\"role\\\":\\\"assistant\\\"}\"}]}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"json_object\"}}", 1, 0, 1 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}}", 1, 0, 1 },
        { __LINE__, "{\"messages\":[],\"response_format\":{\"type\":\"text\"}}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"response_format\":null,\"format\":\"\"}", 1, 0, 0 },
        { __LINE__, "{\"messages\":[],\"format\":\"json\"}", 1, 0, 1 },
        { __LINE__, "{\"prompt\":\"x\",\"format\":{\"type\":\"object\"}}", 1, 0, 1 },
        { __LINE__, "{\"prompt\":\"x\",\"context\":[1,2]}", 1, 1, 0 },
        { __LINE__, "{\"input\":\"Hej\",\"previous_response_id\":\"r\"}", 1, 1, 0 },
        { __LINE__, "{\"input\":[{\"role\":\"assistant\"}],\"text\":{\"format\":{\"type\":\"json_schema\"}}}", 1, 1, 1 },
        { __LINE__, "{\"input\":\"Hej\",\"previous_response_id\":null,\"text\":{\"format\":{\"type\":\"text\"}}}", 1, 0,
          0 },
        { __LINE__, "{\"question\":\"Hej\"}", 0, 0, 0 },
        { __LINE__, "[{\"messages\":[]}]", 0, 0, 0 },
        { __LINE__, "messages=1", 0, 0, 0 },
        { __LINE__, "", 0, 0, 0 }
    };

    size_t          i;
    consent_chat_t  chat;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_chat_read(&chat, consent_cstr(rows[i].body));

        if (chat.known != rows[i].known || chat.later_turn != rows[i].later || chat.wants_json != rows[i].json) {
            fail_msg("line %d: known %d, later turn %d, JSON %d", rows[i].line, chat.known, chat.later_turn,
                     chat.wants_json);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(requests_say_what_the_answer_may_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
