# A legal hold at one node, and an erasure at another: nothing is in force any
# more, but what an auditor may need is there until the hold is released.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 2);

$c->redis;
$c->run;

my $who = $c->citizen;
$c->decide($who, 0, 'forms');
$c->decide($who, 0, 'contact');
ok($c->everywhere($who, 'contact'), 'what she decided is known at both');

my $subject = $who->{browser}->json('GET', '/.privacy/api/v1/record')->json->{subject};
my $node = $c->node(1);
my @store = ($node->path('store'), $subject);

sub opens {
    my @lines = split /\n/, ($node->run_ctl('log', 'show', $node->path('store'), '--subject', $subject, '--json'))[1];
    return scalar grep { /"type":"decision"/ } @lines;
}

is(opens(), 2, 'the entries at the second open for her');
is(($node->run_ctl('hold', @store))[0], 0, 'a hold is placed there');

$c->decide($who, 0, 'erase');
ok($c->everywhere($who, 'none'), 'she is erased at the first, and nothing is in force at either');
is(opens(), 2, 'but nothing of it is lost where the hold is');
ok(!-e $node->path('keys/kept/erasures'), 'nor would it be by a restored backup');

my ($status, $said) = $node->run_ctl('hold', @store, '--release', '--keys', $node->path('keys'), '--json');
is($status, 0, 'it is released');
like($said, qr/"held":false,"erased":2/, 'and what waited for that is erased');
is(opens(), 0, 'for good');
ok(-s $node->path('keys/kept/erasures'), 'beside the keys too');

done_testing();
