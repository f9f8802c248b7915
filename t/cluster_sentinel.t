# Sentinels are asked for the master; after a failover the nodes find the new
# one, and what the old one took with it is told again.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use IO::Socket::INET;

my $c;

$c = Consent::Test::Cluster->new(nodes => 2, args => ['--requirepass', 'geheim', '--masterauth', 'geheim'],
    at => sub { 'sentinel://:geheim@127.0.0.1:' . $c->node(0)->port('nobody') . ',127.0.0.1:'
        . $c->node(0)->port('sentinel') . '/portal/1' });

my $t = $c->node(0);

# A sentinel answers one question; this one says what a file says.

$t->write('master', $c->{port});

my $listen = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1', LocalPort => $t->port('sentinel'),
    ReuseAddr => 1) or die;

$t->daemon(sub {
    $SIG{PIPE} = 'IGNORE';
    while (my $s = $listen->accept) {
        my $asked = '';
        sysread $s, $asked, 4096;
        open my $f, '<', $t->path('master');
        my $port = <$f>;
        my $good = $asked =~ /SENTINEL.*get-master-addr-by-name.*portal/s;
        syswrite $s, $good ? "*2\r\n\$9\r\n127.0.0.1\r\n\$" . length($port) . "\r\n$port\r\n" : "*-1\r\n";
        sysread $s, $asked, 4096;
    }
});

close $listen;

$c->redis;

# a second Redis, its replica

my $second = $t->port('second');
my $pid = fork() // die;

if (!$pid) {
    open STDOUT, '>', '/dev/null';
    open STDERR, '>&', \*STDOUT;
    exec 'redis-server', '--port', $second, '--bind', '127.0.0.1', '--dir', $t->dir, '--save', '', '--requirepass', 'geheim',
        '--masterauth', 'geheim', '--replicaof', "127.0.0.1 $c->{port}" or exit 1;
}

push @{$t->{daemons}}, $pid;

sub ask {
    my (@words) = @_;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $second) or return '';
    print $s "AUTH geheim\r\n", "@words\r\n";
    my ($a, $b) = (scalar <$s>, scalar <$s>);

    return $b // '';
}

$c->run;

my @who = map { $c->citizen } 1 .. 2;

$c->decide($who[$_], $_, 'forms') for 0, 1;
ok($c->everywhere($_, 'forms'), 'with the master of the sentinel') for @who;

# the replica is named too early: it takes nothing

ok($t->wait_for(sub { ask('PING') =~ /PONG/ }), 'a replica');
$t->write('master', $second);
$c->redis_kill;
$c->decide($who[0], 0, 'needed');
$c->decide($who[1], 1, 'contact');
is($c->seen($who[0], 1), 'forms', 'which takes nothing');

ask('REPLICAOF NO ONE');

ok($c->everywhere($who[0], 'needed', 20), 'when it is the master');
ok($c->everywhere($who[1], 'contact', 20), 'all is told again');

done_testing;
