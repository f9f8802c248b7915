# What is decided at one node is in force at the others, erased at one is
# erased at all, and each log names what came from where.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;

my $c = Consent::Test::Cluster->new(nodes => 3);

$c->redis;
$c->run;

my $who = $c->citizen;

$c->decide($who, 0, 'forms');
ok($c->everywhere($who, 'forms'), 'a grant at the first is known at all');

$c->decide($who, 1, 'needed');
ok($c->everywhere($who, 'needed'), 'a withdrawal at the second is in force at all');

# whichever node answers next: her cookie has what she decided a moment ago

$c->decide($who, 2, 'contact');
{
    local $who->{browser}{t} = $c->node(0);
    is($who->{browser}->state->{level}, 'contact', 'what she decided is in force wherever she is');
}

ok($c->everywhere($who, 'contact'), 'and without her cookie soon after');

for my $n (0 .. 2) {
    is($c->figure($n, 'cluster_peers'), 2, "node $n hears of two") if $c->node(0)->wait_for(
        sub { ($c->figure($n, 'cluster_peers') // 0) == 2 });
    ok($c->settled($n), 'all that it decided is confirmed, and nothing is missing');
}

# nobody who holds Redis can read who decided what

my $stream = $c->stream;
like($stream, qr/^consent:\{[0-9a-f]{16}\}:stream$/, 'a stream whose name says nothing');

$c->decide($who, 0, 'erase');
ok($c->everywhere($who, 'none'), 'an erasure at one is one at all');

# the logs

for my $n (0 .. 2) {
    my %seen;

    for (split /\n/, $c->node($n)->run_ctl('log', 'show', $c->node($n)->path('store'), '--json')) {
        my ($entry) = /"entry":(\{.*\})\}$/ or next;
        $entry =~ /"type":"(decision|erasure)"/ or next;
        my ($origin) = $entry =~ /"origin":"([^"]*)"/;
        $seen{$origin // 'own'}++;
    }

    is(join(' ', map { "$_=$seen{$_}" } sort keys %seen), [
        'node1.example=1 node2.example=1 own=2', 'node0.example=2 node2.example=1 own=1',
        'node0.example=2 node1.example=1 own=1' ]->[$n], "the log of node $n names each once");
}

done_testing;
