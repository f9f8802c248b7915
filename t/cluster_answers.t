# Whatever Redis answers: the nodes serve and decide, are not kept busy, and catch up.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Tamper;

Consent::Test::Tamper->endured(qw(loading readonly moved garbage nested slow));

done_testing;
