# What Redis does to the nodes: nothing that was acknowledged is lost, nobody has
# more than she decided last, and all nodes end alike.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use Time::HiRes qw(time);

my $c = Consent::Test::Cluster->new(nodes => 3);

$c->redis;
$c->run;

my @who = map { $c->citizen } 1 .. 4;
my @levels = qw(needed contact forms);

for (0 .. $#who) {
    $c->decide($who[$_], $_ % 3, 'forms');
}

ok($c->everywhere($_, 'forms'), 'all are everywhere') for @who;

# all decide at another node while the fault lasts, and Redis is well again

my $round = 0;

sub through {
    my ($what, $break, $mend) = @_;

    $round++;
    $break->();

    my $from = time;
    my %last;

    for my $i (0 .. $#who) {
        my $n = ($i + $round) % 3;
        my $level = $levels[($i + $round) % 3];
        $c->decide($who[$i], $n, $level);
        $last{$i} = $level;
    }

    cmp_ok(time - $from, '<', 5, "$what: nobody waits for it");

    $mend->();

    ok($c->everywhere($who[$_], $last{$_}), "$what: citizen $_ is known everywhere") for 0 .. $#who;
}

through('killed and restarted empty', sub { $c->redis_kill }, sub { $c->redis });

through('restarted while they decide', sub { $c->redis_kill; $c->redis }, sub { });

through('stopped and gone on', sub { $c->redis_pause }, sub { $c->redis_go_on });

through('full', sub { $c->redis_ask('CONFIG', 'SET', 'maxmemory', '1') },
    sub { $c->redis_ask('CONFIG', 'SET', 'maxmemory', '0') });

through('emptied while they decide', sub { $c->redis_ask('FLUSHALL') }, sub { $c->redis_ask('FLUSHALL') });

through('a message taken out by hand', sub { }, sub {
    for (1 .. 3) {
        $c->redis_ask('XTRIM', $c->stream, 'MAXLEN', '0') if $c->stream;
    }
});

# what was sent and confirmed is forgotten: an old snapshot

$c->redis_ask('SAVE');
my $old = $c->node(0)->read('redis/dump.rdb');
$c->decide($who[0], 0, 'contact');
$c->decide($who[1], 1, 'needed');
ok($c->everywhere($who[1], 'needed'), 'decided since');

through('an old snapshot', sub {
    $c->redis_kill;
    $c->node(0)->write('redis/dump.rdb', $old);
}, sub { $c->redis });

for my $n (0 .. 2) {
    ok($c->settled($n), "everything that node $n decided is confirmed");
    like($c->node($n)->error_log, qr/this node decides on its own, and catches up/, 'and it said what was the matter');
}

done_testing;
