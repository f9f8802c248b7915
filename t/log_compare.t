# The logs of a cluster's nodes, held against one another: they agree as the
# nodes do.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

use JSON::PP;

my $c = Consent::Test::Cluster->new(nodes => 2);

$c->redis;
$c->run;

my @who = map { $c->citizen } 1 .. 3;
$c->decide($who[$_], $_ % 2, 'forms') for 0 .. 2;
ok($c->everywhere($_, 'forms'), 'known at both') for @who;
$c->decide($who[0], 1, 'needed');
ok($c->everywhere($who[0], 'needed'), 'a withdrawal too');

my @nodes = map { $c->node($_) } 0, 1;
my @stores = map { $_->path('store') } @nodes;
$nodes[0]->write('all.pub', join '', map { $_->read('keys/log.pub') } @nodes);
my @key = ('--key', $nodes[0]->path('all.pub'));

# each publishes a moment after it has decided

my ($status, $said, $logs);

ok($nodes[0]->wait_for(sub {
    ($status, $said) = $nodes[0]->run_ctl('log', 'compare', @stores, @key, '--json');
    return if $status;
    $logs = JSON::PP->new->utf8->decode($said)->{logs};
    return $logs->[0]{own} + $logs->[1]{own} == 4 && $logs->[0]{foreign} + $logs->[1]{foreign} == 4;
}), 'the logs agree, on four decisions') or diag $said;

is($logs->[0]{foreign}, $logs->[1]{own}, 'each node has what the other decided');
is($logs->[1]{foreign}, $logs->[0]{own}, 'and the other way round');

$_->quit for @nodes;

for my $i (0, 1) {
    ($status, $said) = $nodes[$i]->run_ctl('log', 'verify', $stores[$i], @key);
    is($status, 0, 'each holds by itself') or diag $said;
    unlike($said, qr/not checked/, 'with all texts and policies');
}

# as files

($status, $said) = $nodes[0]->run_ctl('log', 'export', $stores[0], $nodes[0]->path('log'));
is($status, 0, 'an export') or diag $said;
($status, $said) = $nodes[0]->run_ctl('log', 'compare', $nodes[0]->path('log'), $stores[1], @key);
is($status, 0, 'that agrees as well') or diag $said;

# the key of one of them alone

($status, $said) = $nodes[0]->run_ctl('log', 'compare', @stores, '--key', $nodes[0]->path('keys/log.pub'));
is($status, 1, 'a log whose key is not given does not hold');
like($said, qr/^node1\.example: the checkpoint is of another log than the key$/m, 'and it says so');

done_testing;
