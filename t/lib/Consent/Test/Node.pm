package Consent::Test::Node;

# Runs a script in node; each of its checks (t/clients/tap.mjs) becomes a test of this file.
#
#   use Consent::Test::Node;
#   node($t, 't/clients/openai.mjs', UPSTREAM => $t->port(1));
#
# The script finds nginx's address in BASE, and the pairs in its environment; PORT => n is the number of another port
# than 0.

use strict;
use warnings;

use Exporter qw(import);
use POSIX ();
use Test::More ();

use Consent::Test ();

our @EXPORT = qw(node);


sub node {
    my ($t, $script, %env) = @_;

    my $base = 'http://127.0.0.1:' . $t->port(delete $env{PORT} // 0);
    my $path = $script =~ m{^/} ? $script : "$Consent::Test::ROOT/$script";
    my ($name) = $script =~ m{([^/]+)$};

    # chromium keeps its profile and its crash reports under these
    my $home = $t->path('home');
    mkdir $home;

    my $pid = open(my $out, '-|') // die "fork: $!\n";

    if (!$pid) {
        @ENV{qw(HOME TMPDIR XDG_CONFIG_HOME XDG_CACHE_HOME)} = ($home) x 4;
        delete @ENV{grep { /^(?:A|UB|L)SAN_OPTIONS$/ } keys %ENV};
        utf8::is_utf8($_) && utf8::encode($_) for values %env;
        @ENV{'BASE', keys %env} = ($base, values %env);
        open STDERR, '>', $t->path('node.log');
        exec 'node', $path or POSIX::_exit(127);
    }

    my ($ended, $count) = (0, 0);

    while (my $line = <$out>) {
        utf8::decode($line);
        chomp $line;

        if ($line =~ /^(not )?ok - (.*)/) {
            local $Test::Builder::Level = $Test::Builder::Level + 1;
            Test::More::ok(!$1, $2);
            $count++;

        } elsif ($line =~ /^# ?(.*)/) {
            Test::More::diag($1);

        } elsif ($line eq 'end') {
            $ended = 1;
        }
    }

    { local $?; close $out; }

    # a page's first test is whether it reported an error
    Test::More::ok($ended && $count > 1, "$name ran")
        or Test::More::diag($t->read('node.log'));
}


1;
