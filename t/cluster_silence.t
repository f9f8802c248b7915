# What Redis answers by half, or not at all, holds nobody up: it is left, and asked again.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Tamper;

Consent::Test::Tamper->endured(qw(half huge silent));

done_testing;
