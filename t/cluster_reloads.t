# Nodes at which citizens decide are reloaded again and again (TEST_RELOADS=200: as often as that): nothing that was acknowledged
# is lost, no worker stays behind, and with Redis away the nodes are calm.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use Consent::Test::Promises;
use Time::HiRes qw(sleep);

my $c = Consent::Test::Cluster->new(nodes => 2);
my $t = $c->node(0);

$c->redis;
$c->run;

my @all = map { Consent::Test::Promises->new($_, clients => 1, pause => 0.05, version => $c->policy_version) } $c->nodes;
my $reloads = $ENV{TEST_RELOADS} // 60;
my $failed = 0;

$_->start for @all;

for my $i (1 .. $reloads) {
    $c->node($i % 2)->reload or $failed++;
}

is($failed, 0, "$reloads reloads");
$_->stop for @all;
ok($c->settled(0, 1), 'all is told, and confirmed');

for my $at (0, 1) {
    is(join("\n", $all[$_]->faults($c->node($at))), '', "what was promised at node $_ is kept at node $at") for 0, 1;
    unlike($c->node($at)->error_log, qr/know of more|takes a snapshot/, "node $at took nothing for an old store");
    ok($t->wait_for(sub { $c->node($at)->workers == 2 }, 20), "node $at has two workers, and none of before");
}

# neither waits for Redis by asking all the time

$c->redis_kill;
$t->wait_for(sub { $c->node($_)->error_log =~ /this node decides on its own/ }) for 0, 1;
my @before = map { $c->ticks($_) } 0, 1;
sleep 2;
cmp_ok($c->ticks($_) - $before[$_], '<', 20, "node $_ is calm without Redis") for 0, 1;

done_testing;
