# Three nodes, one whose clock is an hour behind and one whose clock is a day ahead: what a citizen decides last is in force at
# all, and her erasure is one.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'what is preloaded comes too late for a sanitizer');
}

my $c = Consent::Test::Cluster->new(nodes => 3, main => 'env CONSENT_CLOCK_FILE;');
my $t = $c->node(0);
my $shim = $t->path('clock_shim.so');
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-fPIC', '-shared', '-o', $shim,
    'tests/preload/clock_shim.c');
is($status, 0, 'a clock can be set') or diag $said;

my @apart = (0, -3600, 86400);

$c->redis;

for my $n (0 .. 2) {
    $c->node($n)->write('clock', $apart[$n]);
    local @ENV{qw(LD_PRELOAD CONSENT_CLOCK_FILE)} = ($shim, $c->node($n)->path('clock'));
    $c->run($n);
}

my @levels = qw(needed contact forms);

# whoever decides last, and wherever

for my $order ([0, 1, 2], [2, 1, 0], [1, 2, 1], [2, 0, 1]) {
    my $who = $c->citizen;

    for my $i (0 .. 2) {
        my $level = $levels[($i + $order->[0]) % 3];
        $c->decide($who, $order->[$i], $level);
        ok($c->everywhere($who, $level), "$level at node $order->[$i], after @$order[0 .. $i - 1]");
    }
}

# before the nodes have heard of each other: her cookie has the stamp

my $who = $c->citizen;
$c->decide($who, 2, 'forms');
$c->decide($who, 1, 'needed');
ok($c->everywhere($who, 'needed'), 'a withdrawal at the one behind, right after a grant at the one ahead');

cmp_ok($c->figure(0, 'cluster_ahead_total'), '>=', 1, 'stamps far ahead are counted');

my $other = $c->citizen;
$c->decide($other, 0, 'contact');
ok($c->everywhere($other, 'contact'), 'somebody else');
$c->decide($other, 1, 'needed');
ok($c->everywhere($other, 'needed'), 'whose stamps nobody moved');

$c->decide($who, 1, 'erase');
ok($c->everywhere($who, 'none'), 'erased at the one behind');
$c->decide($other, 2, 'erase');
ok($c->everywhere($other, 'none'), 'and at the one ahead');

done_testing;
