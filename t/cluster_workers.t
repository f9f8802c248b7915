# One worker of a node replicates. When it dies or leaves, another does; reloads lose nothing and leave nothing behind.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 2);
my $t = $c->node(0);

$t->allow(qr/exited on signal 9/);
$c->redis;
$c->run;

my $who = $c->citizen;
my @levels = qw(forms needed contact);
my $n = 0;

# the worker that has the connections to Redis
sub replicators {
    my ($node) = @_;

    my $port = sprintf ':%04X', $c->{port};
    my %to;

    open my $f, '<', '/proc/net/tcp' or die;
    while (<$f>) {
        my @f = split;
        $to{$f[9]} = 1 if $f[2] =~ /$port$/ && $f[3] eq '01';
    }

    return grep { my $pid = $_; grep { (readlink($_) // '') =~ /socket:\[(\d+)\]/ && $to{$1} } glob "/proc/$pid/fd/*" }
        $c->node($node)->workers;
}

$c->decide($who, 0, $levels[$n++ % 3]);
ok($c->everywhere($who, $levels[($n - 1) % 3]), 'known at both');

for (1 .. 2) {
    my @pids;
    ok($t->wait_for(sub { @pids = replicators(0); @pids == 1 }), 'one worker replicates');
    kill 'KILL', @pids;
    $c->decide($who, 0, $levels[$n++ % 3]);
    ok($c->everywhere($who, $levels[($n - 1) % 3]), 'when it is killed another does');
}

for (1 .. $ENV{TEST_RELOADS} // 5) {
    $t->reload;
    $c->decide($who, $_ % 2, $levels[$n++ % 3]);
}

$c->decide($who, 0, 'needed');
$c->decide($who, 1, 'contact');
ok($c->everywhere($who, 'contact'), 'and so with reloads');
ok($t->wait_for(sub { my @pids = replicators(0); @pids == 1 }), 'there is still one');
ok($c->settled(0, 1), 'and nothing is left to tell');

# held against one another, the logs name each decision once

$_->quit for $c->nodes;

for ($c->nodes) {
    my ($status, $said) = $_->run_ctl('log', 'export', $_->path('store'), $_->path('export'));
    is($status, 0, 'a log is exported') or diag($said);
}

$t->write('logs.pub', join '', map { $_->read('keys/log.pub') =~ s/\n*\z/\n/r } $c->nodes);

my ($status, $said) = $t->run_ctl('log', 'compare', (map { $_->path('export') } $c->nodes), '--key', $t->path('logs.pub'));
is($status, 0, 'and they agree') or diag($said);

done_testing;
