package Consent::Test::Lock;

# Another process that takes the writer lock of a test's store and keeps it.
#
#   my $lock = Consent::Test::Lock->new($t);    # compiled, not yet held
#   $lock->hold;                                # held when it returns
#   $lock->release;

use strict;
use warnings;

use POSIX ();

my $C = <<'C';
#include "ledger/ledger.h"
#include <stdio.h>
#include <unistd.h>

/* Takes the writer lock of a store, says so, and keeps it until its input ends. */
int
main(int argc, char **argv)
{
    char                   c, why[256];
    consent_ledger_t      *ledger;
    consent_ledger_conf_t  conf = { .directory = argv[1], .node = "hold" };

    if (argc != 2 || consent_ledger_open(&ledger, &conf, why) != CONSENT_OK
        || consent_ledger_begin(ledger) != CONSENT_OK)
    {
        return 1;
    }

    puts("held");
    fflush(stdout);

    while (read(0, &c, 1) > 0) { /* void */ }

    consent_ledger_abort(ledger);
    consent_ledger_close(ledger);

    return 0;
}
C


sub new {
    my ($class, $t) = @_;

    my @san = $ENV{SANITIZE} ? '-fsanitize=address,undefined' : ();
    my $source = $t->write('hold.c', $C);

    my ($status, $said) = $t->command($ENV{CC} // 'gcc', '-std=c11', '-D_GNU_SOURCE', @san,
        '-I', "$Consent::Test::ROOT/src", '-o', $t->path('hold'), $source,
        "$Consent::Test::BUILD/libconsent.a", qw(-ljwt -llmdb -lcrypto -lz -lhs));
    die "hold.c: $said" if $status;

    return bless { t => $t }, $class;
}


sub hold {
    my ($self) = @_;

    my $t = $self->{t};
    unlink $t->path('held');

    my $pid = open($self->{to}, '|-') // die "fork: $!\n";

    if (!$pid) {
        open STDOUT, '>', $t->path('held');
        exec { $t->path('hold') } 'hold', $t->path('store') or POSIX::_exit(127);
    }

    $t->wait_for(sub { $t->read('held') =~ /held/ }) or die "the lock is not held\n";

    return;
}


sub release {
    my ($self) = @_;

    local $?;
    close delete $self->{to};

    return;
}


1;
