# Vercel's SDK reads a marked answer, whole or in a stream, as it reads the machine's, and a person who
# reads along is told.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Assistant;
use Consent::Test::Node;

my $t = assistant();

node($t, 't/clients/vercel.mjs', UPSTREAM => $t->port(1));

done_testing;
