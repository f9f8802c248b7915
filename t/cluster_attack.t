# Who holds Redis can read nothing, forge nothing, and raise nobody by telling again what was said before.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use IO::Socket::INET;

my $c = Consent::Test::Cluster->new(nodes => 2);
my $t = $c->node(0);

$c->redis;
$c->run;

# all messages of the stream, as bytes
sub messages {
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $c->{port}) or die;
    my $stream = $c->stream;

    print $s "XRANGE $stream - +\r\n";
    my ($n) = <$s> =~ /^\*(\d+)/;
    my @messages;

    for (1 .. $n) {
        <$s> for 1 .. 6;            # the entry, its id and the name of its field
        my ($len) = <$s> =~ /^\$(\d+)/;
        read $s, my ($bytes), $len + 2;
        push @messages, substr $bytes, 0, -2;
    }

    return @messages;
}

sub put { $c->redis_ask('XADD', $c->stream, '*', 'm', $_) for @_ }

my $who = $c->citizen;

$c->decide($who, 0, 'forms');
ok($c->everywhere($who, 'forms'), 'a grant');

my @grant = grep { ord(substr $_, 1, 1) == 1 && /node0/ } messages();
@grant = $grant[-1];
unlike($grant[0], qr/forms|decision|commitment/, 'that nobody can read');
like($grant[0], qr/node0\.example/, 'but for the name of the node');

$c->decide($who, 1, 'needed');
ok($c->everywhere($who, 'needed'), 'she withdraws');

my $repeated = $c->figure(1, 'cluster_repeated_total');

# told again, changed, and moved to another number, node or kind

put(@grant, @grant);
put(map { my $m = $grant[0]; substr($m, $_, 1) ^= "\x01"; $m } 1, 11, 19, 24, 40, 100, length($grant[0]) - 1);
put('', 'x', "\x01" x 19, "\xff" x 5000, substr($grant[0], 0, 50), $grant[0] . 'x');
$c->redis_ask('XADD', $c->stream, '*', 'a', 'b', 'c', 'd');

my $other = $c->citizen;
$c->decide($other, 0, 'contact');
ok($c->everywhere($other, 'contact'), 'what comes behind it is read');

for my $n (0, 1) {
    is($c->seen($who, $n), 'needed', "node $n holds to what she decided last");
    cmp_ok($c->figure($n, 'cluster_refused_total'), '>=', 10, 'and has counted what was none of ours');
}

is($c->figure(1, 'cluster_repeated_total') - $repeated, 2, 'and what it knew already');

# a withdrawal that is left out is missed, and told again

my $last = $c->citizen;

$c->decide($last, 0, 'forms');
ok($c->everywhere($last, 'forms'), 'another grant');

$t->wait_for(sub { $c->redis_ask('CLIENT', 'PAUSE', '300', 'WRITE') });
$c->decide($last, 0, 'needed');
$c->redis_ask('XTRIM', $c->stream, 'MAXLEN', '0');
ok($c->everywhere($last, 'needed'), 'a withdrawal comes through');

# each entry of one stands in the other's log once

my ($count, %seen) = 0;

for (split /\n/, $c->node(1)->run_ctl('log', 'show', $c->node(1)->path('store'), '--json')) {
    /"origin":"([^"]*)".*"origin_index":(\d+)/ and $seen{"$1 $2"}++;
}

is(join(' ', grep { $seen{$_} != 1 } sort keys %seen), '', 'nothing is twice in a log');

# a stream that is no stream

my $stream = $c->stream;

$c->redis_ask('DEL', $stream);
$c->redis_ask('SET', $stream, 'x');
$c->decide($who, 0, 'contact');
$c->redis_ask('DEL', $stream);
ok($c->everywhere($who, 'contact', 20), 'they find together again');

done_testing;
