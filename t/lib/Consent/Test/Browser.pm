package Consent::Test::Browser;

# Runs a script of t/browser/ in node, with a real Chromium; each of its checks
# becomes a test of this file.
#
#   use Consent::Test::Browser;
#   browser($t, 'choice.mjs', LEVEL => 'contact');
#
# The script finds nginx's address in BASE, and the pairs in its environment;
# PORT => n is the number of another port than 0.

use strict;
use warnings;

use Exporter qw(import);
use Test::More ();

use Consent::Test ();

our @EXPORT = qw(browser);


sub browser {
    my ($t, $script, %env) = @_;

    my $base = 'http://127.0.0.1:' . $t->port(delete $env{PORT} // 0);
    my $path = $script =~ m{^/} ? $script
        : "$Consent::Test::ROOT/t/browser/$script";

    # chromium keeps its profile and its crash reports under these
    my $home = $t->path('home');
    mkdir $home;

    my $pid = open(my $out, '-|') // die "fork: $!\n";

    if (!$pid) {
        @ENV{qw(HOME TMPDIR XDG_CONFIG_HOME XDG_CACHE_HOME)} = ($home) x 4;
        delete @ENV{grep { /^(?:A|UB|L)SAN_OPTIONS$/ } keys %ENV};
        utf8::is_utf8($_) && utf8::encode($_) for values %env;
        @ENV{'BASE', keys %env} = ($base, values %env);
        open STDERR, '>', $t->path('browser.log');
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

    # its first test is whether a page reported an error
    Test::More::ok($ended && $count > 1, "$script ran")
        or Test::More::diag($t->read('browser.log'));
}


1;
