/*
 * consentctl: the command-line tool of operators and auditors. This file holds the table of its subcommands.
 */

#include "ctl/ctl.h"

#include <stdio.h>

static int help(const char *wanted, const char *second, bool asked);
static bool begins(const consent_ctl_command_t *command, const char *wanted, bool whole);
static int help_of(const consent_ctl_command_t *command);
static const consent_ctl_command_t *find(int argc, char **argv, int *words);

static const consent_ctl_command_t  commands[] = {
    { "keygen", "DIR --name ORIGIN [--with DIR] | --rotate cookie | --rotate pseudonym", "makes a node's keys, or a new one",
      "Makes DIR with cookie.key, pseudonym.key, handoff.key, cluster.key and log.key, each readable\n"
      "by its owner only, and log.pub, the verifier key that auditors need. ORIGIN names the log, as a\n"
      "URL without scheme and trailing slash: consent.example.org/node1. --with shares another node's\n"
      "keys and makes only a log key of its own. Keys that are there are never overwritten.\n"
      "--rotate cookie puts a new key in front of those in DIR/cookie.key: it signs, all verify. --rotate\n"
      "pseudonym gives who logs in a new pseudonym, to which moves what was decided under the former one;\n"
      "not in a cluster. Exit status 1: there is a former key still.\n",
      consent_ctl_keygen },

    { "policy check", "FILE", "validates a policy, and says what it means",
      "Prints every fault with its place, as FILE:LINE:COLUMN, and for a valid policy what it means as\n"
      "a table. Exit status 1: the policy has errors; warnings alone do not count.\n",
      consent_ctl_policy_check },

    { "policy diff", "OLD NEW", "says what widens between two versions of a policy, and so lapses",
      "Compares two policies, line by line. Exit status 1: something widens, so that grants given\n"
      "under OLD lapse; 0: all of them hold.\n",
      consent_ctl_policy_diff },

    { "policy art30", "FILE [--language TAG]", "the record of processing activities that a policy tells (GDPR, Article 30)",
      "Markdown: the controller, and for each category its purpose, data, legal basis, recipients, countries and\n"
      "time limit, in the policy's first language or that of --language; and what the policy does not tell, to be\n"
      "added. Exit status 1: the policy has errors.\n",
      consent_ctl_policy_art30 },

    { "policy try", "FILE REQUEST", "what each level would let through of a recorded request",
      "REQUEST is raw HTTP/1.x as it was saved, or a HAR archive as browsers export it. For each level of\n"
      "the policy FILE: what would be withheld, whether the request would be refused, and what would\n"
      "arrive. That is shown as it is: record test data.\n",
      consent_ctl_policy_try },

    { "log show", "STORE|DIR [--type T] [--since TIME] [--subject S] [--csv]", "shows entries of the log, one a line",
      "Of a store, or of a log as \"log export\" writes it.\n"
      "--type shows entries of one type only (decision, disclosure, config, policy, ...); --since those\n"
      "from a day (2026-11-22) or an instant (2026-11-22T09:15:00Z) on; decisions tell the hour only, so\n"
      "that of the instant is included. --subject shows those of one pseudonym of 32 hexadecimal\n"
      "digits, by opening their commitments with the store's keys; exit status 1: one does not open.\n"
      "--csv is for spreadsheets, --json gives each entry's exact bytes.\n",
      consent_ctl_log_show },

    { "log verify", "DIR|STORE --key LOG.PUB [--since CHECKPOINT] [--policy FILE] [--log N] [--pruned DIR]",
      "verifies a log: all hashes, all entries",
      "Computes everything anew from the entries and compares it with the tiles and the signed\n"
      "checkpoint; checks what each entry says; names the first entry that is wrong. DIR is a log as\n"
      "`log export` or a mirror writes it. LOG.PUB holds the log's verifier keys, one a line. --since\n"
      "proves that the log goes on from a checkpoint that you kept. --policy demands cosignatures by a\n"
      "quorum of witnesses (C2SP tlog-policy). --log is the number of an earlier log in a store.\n"
      "--pruned takes the kept hashes of entries that are gone for them, if a later log, in its DIR, holds and\n"
      "names the decision to drop them; of a store its own logs are asked.\n",
      consent_ctl_log_verify },

    { "log export", "STORE DIR [--log N]", "writes the log as plain files, for mirrors and auditors",
      "DIR gets checkpoint, tile/... and tile/entries/... (C2SP tlog-tiles), and the texts that entries\n"
      "refer to as notice/HASH and policy/HASH. A later run adds what is new. It may be killed at any\n"
      "moment. Exit status 1: DIR holds another log, or is ahead of the store; nothing was written.\n"
      "--log is the number of an earlier log in the store.\n",
      consent_ctl_log_export },

    { "log compare", "DIR DIR... --key FILE [--lag N]", "holds the logs of several nodes against one another",
      "FILE has the verifier keys of all of them, one a line. Each log must hold; what one says that another\n"
      "has decided must be what stands there; and each must have what the others have decided. --lag N: the\n"
      "newest N entries of a log may still be on their way. A log that began with a snapshot has in it what\n"
      "came before, and is not asked for it. Exit status 1: they do not agree.\n",
      consent_ctl_log_compare },

    { "receipt verify", "FILE --key LOG.PUB [--entry FILE] [--policy FILE]", "verifies a citizen's receipt, offline",
      "FILE is a receipt in JSON: its entry must be in the log, be made for its pseudonym, and say what the\n"
      "receipt says. Or it is a proof (.tlog-proof) of the entry whose exact bytes are in --entry. --policy\n"
      "demands cosignatures by a quorum of witnesses. Exit status 1: it does not hold.\n",
      consent_ctl_receipt_verify },
    { "log seal", "STORE [--keys DIR]", "ends a log; another one begins under a new name",
      "Once a year, or when the log's key is to be retired. An entry `sealed` is the last one; nginx signs the\n"
      "last checkpoint and goes on with the next log, whose origin has a number behind it. With --keys, and\n"
      "without nginx, both are signed at once.\n",
      consent_ctl_log_seal },

    { "log prune", "STORE --decision TEXT", "drops the entries of a sealed log, by a decision that it names",
      "Of the oldest log that has its entries, when it is published to its end, no decision in it can be in\n"
      "force any more, and none is of somebody of whom there is a legal hold. Its tree, its checkpoints and an\n"
      "entry `pruned` with TEXT stay: name the decision, and no person. Exit status 1: there is none, or it\n"
      "may not go yet.\n",
      consent_ctl_log_prune },

    { "store stat", "STORE [--keys DIR]", "figures of a store",
      "Counts of what the store holds, how full it is, its logs, how far they are published, and from when on the\n"
      "entries of one that has ended may be dropped. With --keys it is compared with what that directory's key\n"
      "last signed. Exit status 1: it is shorter, or differs; nginx then takes no decisions.\n",
      consent_ctl_store_stat },

    { "store compact", "STORE", "reclaims the space of what was erased, for good",
      "Replaces the store's file by a new one with what is in it, so that no byte of what was erased is\n"
      "left there. Nobody else may have the store open: stop nginx first. Cut off at any moment, the store\n"
      "is the old one or the new one. It needs as much free space as the store takes.\n"
      "Exit status 1: somebody has it open.\n",
      consent_ctl_store_compact },

    { "store backup", "STORE DIR", "a consistent copy of a store that is in use",
      "Writes what the store holds at this moment to DIR, which is made if it is not there; nginx goes on.\n"
      "Keys are not in it, nor what was erased. \"store restore\" brings it back.\n"
      "Exit status 1: DIR has a store in it.\n",
      consent_ctl_store_backup },

    { "store restore", "DIR STORE --keys DIR", "a store out of a backup, in which nobody has more than before",
      "STORE is a directory without a store, made if it is not there. Every grant lapses, who was erased\n"
      "since the backup is erased again, no cookie of before counts, and a log of its own begins with what\n"
      "was lost. --keys are those of this node: beside them stands what was last signed, and the erasures.\n"
      "Exit status 1: there is a store in STORE.\n",
      consent_ctl_store_restore },

    { "subject", "STORE --issuer I --keys DIR", "the pseudonym of a claim, for requests by mail or at a counter",
      "The claim, such as a personal number, is read from standard input, one line, and written nowhere.\n"
      "I is the `issuer=` of `consent_identity`, DIR the keys of this node. Prints 32 hexadecimal digits, for\n"
      "\"record\", \"withdraw\", \"erase\", \"hold\" and \"log show --subject\"; two times so many, with a \"/\" between\n"
      "them, while pseudonym.key has a former key: the first four take both, the last one either.\n",
      consent_ctl_subject },

    { "record",
      "STORE SUBJECT --level ID | --categories ID,ID --case TEXT [--policy ID] [--language TAG] [--keys DIR]",
      "writes down what a citizen decided by mail or at a counter",
      "A decision like her own, by a clerk, valid as long as a standing one, in force at once while nginx\n"
      "runs. --categories names single ones (a special category is never part of a level). --policy is needed\n"
      "where the store has several. TEXT is the operator's reference; the log gets an HMAC of it, and the\n"
      "key for that is printed, to be kept with the case. With the keys of this node, the portal is told of\n"
      "what is not shared any more.\n",
      consent_ctl_record },

    { "withdraw", "STORE SUBJECT [--case TEXT] [--policy ID] [--language TAG] [--keys DIR]",
      "takes back all that a citizen shares",
      "As she could herself; with the keys of this node, the portal is told. Exit status 1: the store has no\n"
      "decision of hers under the policy.\n",
      consent_ctl_withdraw },

    { "erase", "STORE SUBJECT [--case TEXT] [--keys DIR]", "erases a citizen's record, as she could herself",
      "State, history, receipts and the key that opens her entries, under every policy. The log stays, and\n"
      "nothing that is left links its entries to her. With the keys of this node, the erasure is kept beside\n"
      "them too, so that a restored backup does not bring her back, and the portal is told. Exit status 1:\n"
      "nothing is known of the subject, or there is a legal hold on it.\n",
      consent_ctl_erase },

    { "hold", "STORE SUBJECT [--release] [--case TEXT] [--keys DIR]",
      "a legal hold: erasure is refused, with an explanation",
      "Until it is released; it survives restarts, backups and compaction. What another node erased meanwhile\n"
      "goes with the release, and is kept beside the keys as with \"erase\". Exit status 1: it is so already.\n",
      consent_ctl_hold },

    { "explain", "STORE CODE", "why a request was refused or changed",
      "CODE is what a refusal shows: the first eight characters of the request id. Says rule, carrier\n"
      "and location, never a value. Kept are the last 65,536 events since nginx was started. Exit\n"
      "status 1: nothing is known of the code.\n",
      consent_ctl_explain },

    { "report", "STORE", "what was withheld, and what `consent report` would have withheld",
      "Counts since nginx was started: requests, refusals, and categories one by one.\n",
      consent_ctl_report },

    { "gaps", "STORE", "names seen in traffic that the policy does not know, by location",
      "Arguments, form fields, JSON members, cookies and Set-Cookie lines that are neither a carrier of\n"
      "a category nor necessary, where `consent_unknown` is not `pass`, with how often and when last.\n"
      "Kept through restarts, at most 8,192 names. Digits in names are folded to #.\n",
      consent_ctl_gaps },
};


int
main(int argc, char **argv)
{
    int                           status, words, i;
    const consent_ctl_command_t  *command;

    if (argc < 2) {
        (void) help(NULL, NULL, true);
        return CONSENT_CTL_USAGE;
    }

    if (strcmp(argv[1], "--version") == 0) {
        return printf("consentctl %s\n", CONSENT_CTL_VERSION) > 0 && fflush(stdout) == 0 ? CONSENT_CTL_HOLDS
                                                                                        : CONSENT_CTL_USAGE;
    }

    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        if (argc == 2) {
            return help(NULL, NULL, true);
        }

        command = find(argc - 2, argv + 2, &words);

        return command == NULL ? help(argv[2], argv[3], true) : help_of(command);
    }

    command = find(argc - 1, argv + 1, &words);

    if (command == NULL) {
        return help(argv[1], argv[2], argc > 2 && strcmp(argv[2], "--help") == 0);
    }

    for (i = 1 + words; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return help_of(command);
        }
    }

    status = command->run(argc - 1 - words, argv + 1 + words);

    if (status == CONSENT_CTL_USAGE) {
        (void) fprintf(stderr, "usage: consentctl %s %s [--json]\n", command->words, command->arguments);
    }

    return status;
}


/* The command whose words the arguments begin with. */
static const consent_ctl_command_t *
find(int argc, char **argv, int *words)
{
    size_t       i, len;
    const char  *second;

    for (i = 0; i < consent_countof(commands); i++) {
        second = strchr(commands[i].words, ' ');
        len = second == NULL ? strlen(commands[i].words) : (size_t) (second - commands[i].words);

        if (argc < 1 || strlen(argv[0]) != len || strncmp(argv[0], commands[i].words, len) != 0) {
            continue;
        }

        if (second == NULL || (argc >= 2 && strcmp(argv[1], second + 1) == 0)) {
            *words = second == NULL ? 1 : 2;
            return &commands[i];
        }
    }

    return NULL;
}


/* wanted: a word that is no subcommand by itself, and the one behind it, or NULL; asked: for help, and not by mistake */
static int
help(const char *wanted, const char *second, bool asked)
{
    bool    several, some;
    FILE   *out;
    size_t  i;

    several = some = wanted == NULL;

    for (i = 0; wanted != NULL && i < consent_countof(commands); i++) {
        several = several || begins(&commands[i], wanted, true);
        some = some || begins(&commands[i], wanted, false);
    }

    second = several && second != NULL && strcmp(second, "--help") != 0 ? second : NULL;
    asked = asked && several && second == NULL;
    out = asked ? stdout : stderr;

    if (!asked && several && second == NULL) {
        (void) fprintf(out, "consentctl: \"%s\" alone is no subcommand\n", wanted);

    } else if (!asked) {
        (void) fprintf(out, "consentctl: there is no subcommand \"%s%s%s\"\n", wanted, second == NULL ? "" : " ",
                       second == NULL ? "" : second);
    }

    (void) fprintf(out, "usage: consentctl %s ... [--json]\n\n", wanted != NULL && several ? wanted : "SUBCOMMAND");

    for (i = 0; i < consent_countof(commands); i++) {
        if (wanted == NULL || !some || begins(&commands[i], wanted, several)) {
            (void) fprintf(out, "  %-14s %s\n", commands[i].words, commands[i].summary);
        }
    }

    (void) fprintf(out, "\n\"consentctl help SUBCOMMAND\" says more; so does the manual, consentctl(1).\n"
                   "Exit status: 0 holds, 1 does not hold, 2 wrong usage or unreadable input.\n");

    return asked && fflush(out) == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


/* whole: with this word; not: with these letters */
static bool
begins(const consent_ctl_command_t *command, const char *wanted, bool whole)
{
    size_t  len = strlen(wanted);

    return strncmp(command->words, wanted, len) == 0 && (!whole || command->words[len] == ' ');
}


static int
help_of(const consent_ctl_command_t *command)
{
    (void) printf("usage: consentctl %s %s [--json]\n\n%s", command->words, command->arguments, command->help);

    return fflush(stdout) == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}
