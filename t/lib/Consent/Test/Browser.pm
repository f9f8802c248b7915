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

use Consent::Test::Node;

our @EXPORT = qw(browser);


sub browser {
    my ($t, $script, %env) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    node($t, $script =~ m{^/} ? $script : "t/browser/$script", %env);
}


1;
