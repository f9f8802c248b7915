# A node that is new takes a snapshot and follows; one whose store is an old copy begins anew and takes one too; one that another
# was erased at while it was away erases her.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 2);

$c->redis;
$c->run;

my @who = map { $c->citizen } 1 .. 5;

$c->decide($who[$_], $_ % 2, 'forms') for 0 .. $#who;
ok($c->everywhere($who[$_], 'forms'), "citizen $_ is known") for 0 .. $#who;

# so that what was sent is gone, from the stores and from Redis

ok($c->settled(0, 1), 'and confirmed');
$c->redis_ask('DEL', $c->stream);

my $new = $c->add;
$c->run($new);

ok($c->everywhere($who[$_], 'forms'), "a new node knows citizen $_") for 0 .. $#who;
ok($c->node($new)->wait_for_log(qr/a snapshot of \d+ records was taken of node "node\d\.example"/), 'of a snapshot');

my @snapshots = grep { /"type":"snapshot"/ }
    split /\n/, $c->node($new)->run_ctl('log', 'show', $c->node($new)->path('store'), '--json');
is(@snapshots, 1, 'which is one entry');
like($snapshots[0], qr/"origin":"node\d\.example".*"vector":\[\{"epoch":\d+,"node":"node\d/, 'that says of whom');

# what was taken over has its entry in another's log, and its receipt says so

{
    my $browser = $who[2]{browser};
    local $browser->{t} = $c->node($new);
    my $r = $browser->json('GET', '/.privacy/api/v1/receipts/' . $browser->state->{receipt});
    is_deeply($r->json->{evidence}, { status => 'none', index => undef, entry => undef, opening => undef, proof => undef },
        'a receipt of what was taken over has no evidence here');
    $c->node($new)->write('taken.json', $r->body);
    my ($status, $said) = $c->node($new)->run_ctl('receipt', 'verify', $c->node($new)->path('taken.json'),
        '--key', $c->node($new)->path('keys/log.pub'));
    is($status, 1, 'which does not hold');
    like($said, qr/carries no proof, and says so/, 'and why is told');
}

$c->decide($who[0], 0, 'needed');
$c->decide($who[1], $new, 'contact');
ok($c->everywhere($who[0], 'needed'), 'and it follows');
ok($c->everywhere($who[1], 'contact'), 'and is followed');
unlike($c->node($_)->error_log, qr/know of more/, "node $_ knows all that it decided") for 0, 1, $new;

# a store that is an old copy: what it has given numbers to is known elsewhere

$c->node(1)->quit;
system('cp', '-a', $c->node(1)->path('store'), $c->node(1)->path('copy')) == 0 or die;
$c->run(1);
$c->decide($who[2], 1, 'needed');
$c->decide($who[3], 1, 'contact');
ok($c->everywhere($who[3], 'contact'), 'decided since');
$c->node(1)->quit;

# she is erased while it is away

$c->decide($who[4], 0, 'erase');
$c->decide($who[0], 0, 'forms');

system('rm', '-rf', $c->node(1)->path('store'), $c->node(1)->path('keys/kept')) == 0 or die;
rename $c->node(1)->path('copy'), $c->node(1)->path('store') or die;
$c->run(1);

ok($c->everywhere($who[2], 'needed', 25), 'what the old copy had forgotten comes back from the others');
ok($c->everywhere($who[3], 'contact'), 'all of it');
ok($c->everywhere($who[0], 'forms'), 'and what came since');
ok($c->everywhere($who[4], 'none'), 'who was erased meanwhile is');
like($c->node(1)->error_log, qr/other nodes know of more that this one decided/, 'it says why');

$c->decide($who[2], 1, 'forms');
ok($c->everywhere($who[2], 'forms'), 'and it is followed again');

done_testing;
