# Whatever Redis answers: the nodes serve and decide, are not kept busy, and catch up.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use Consent::Test::Tamper;
use Time::HiRes qw(sleep);

my $c;

$c = Consent::Test::Cluster->new(nodes => 2, at => sub { 'redis://127.0.0.1:' . $c->node(0)->port('tamper') });
$c->redis;

my $t = $c->node(0);

Consent::Test::Tamper->start($t, port => $t->port('tamper'), to => $c->{port}, file => $t->path('word'));

$c->run;

my @who = map { $c->citizen } 1 .. 2;
$c->decide($who[$_], $_, 'forms') for 0, 1;
ok($c->everywhere($_, 'forms'), 'known at both') for @who;

# clock ticks that a node's processes have used
sub ticks {
    my ($n) = @_;

    my $sum = 0;

    for my $pid ($c->node($n)->workers) {
        open my $f, '<', "/proc/$pid/stat" or next;
        my @stat = split ' ', <$f> =~ s/^.*\) //sr;
        $sum += $stat[11] + $stat[12];
    }

    return $sum;
}

my $round = 0;

for my $word (split ' ', 'loading readonly moved garbage nested slow') {
    my ($a, $b) = $round++ % 2 ? ('contact', 'forms') : ('needed', 'contact');

    $t->write('word', "$word\n");

    my $before = ticks(0);
    $c->decide($who[0], 0, $a);
    $c->decide($who[1], 1, $b);
    sleep 0.4;
    cmp_ok(ticks(0) - $before, '<', 30, "$word: the workers are calm");
    is($c->seen($who[0], 0), $a, "$word: decided all the same");

    unlink $t->path('word');

    ok($c->everywhere($who[0], $a, 20), "$word: and known at both afterwards");
    ok($c->everywhere($who[1], $b, 20), "$word: either way");
}

done_testing;
