# The demonstration in a browser: accessible pages, and a walk from "my pages"
# over the choice to a form that is filled in, and back.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;
use Consent::Test::Demo;

my $t = Consent::Test->new;
my $demo = Consent::Test::Demo->start($t);

browser($t, 'demo.mjs');

is($demo->stop('INT'), 0, 'the demonstration ends');
is_deeply([$demo->left], [], 'and leaves nothing');

done_testing;
