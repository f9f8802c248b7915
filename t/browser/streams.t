# A chat's stream in a real browser: each event comes when it is sent, the notice first, also where the stream breaks off
# and EventSource goes on by itself.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Assistant;
use Consent::Test::Browser;

my $t = assistant();

browser($t, 'streams.mjs', UPSTREAM => $t->port(1));

done_testing;
