# Three nodes at which citizens decide all the time, while Redis stands still, is killed, and comes back empty: nothing that was
# acknowledged is lost, and all nodes end alike.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use Consent::Test::Promises;
use Time::HiRes qw(sleep);

my $c = Consent::Test::Cluster->new(nodes => 3);
my $t = $c->node(0);

$c->redis;
$c->run;

my @all = map { Consent::Test::Promises->new($_, clients => 2, pause => 0.004, version => $c->policy_version) } $c->nodes;

# so many more decisions at each node
sub more {
    my ($n) = @_;

    my @from = map { $_->acknowledged } @all;

    return $t->wait_for(sub { !grep { $all[$_]->acknowledged < $from[$_] + $n } 0 .. $#all }, 30);
}

$_->start for @all;
ok(more(50), 'they decide at all nodes');

$c->redis_pause;
ok(more(100), 'and while Redis stands still');
$c->redis_go_on;
ok(more(50), 'when it goes on');
$c->redis_kill;
ok(more(200), 'while it is away');
$c->redis;
ok(more(50), 'and when it is there again, and empty');

$_->stop for @all;
ok($c->settled(0 .. 2), 'all is told, and confirmed');

for my $at (0 .. 2) {
    for my $n (0 .. 2) {
        is(join("\n", $all[$n]->faults($c->node($at))), '', "what was promised at node $n is kept at node $at");
    }
}

my @states = map { my $node = $_; join ' ', map { $_->states($node) } @all } $c->nodes;
is($states[$_], $states[0], "node $_ has the state of node 0") for 1, 2;
unlike($states[0], qr/none/, 'which is one of everybody');

is(join(' ', map { keys %{$_->refused} } @all), '', 'nobody was refused');

done_testing;
