# A real Redis Cluster: the nodes find the master where their slot is from any of its own, and follow the slot when it moves.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Cluster;
use IO::Socket::INET;

my $c;

$c = Consent::Test::Cluster->new(nodes => 2, at => sub { 'redis://127.0.0.1:' . $c->node(0)->port("redis$_[0]") });

my $t = $c->node(0);

if (system 'command -v redis-cli >/dev/null') {
    Test::More::plan(skip_all => 'redis-cli is not installed');
}

# a cluster's Redis listens at a second port, too, for the others

my @ports = map { $t->port("redis$_") } 0 .. 2;
my %bus = map { ($ports[$_] => $t->port("bus$_")) } 0 .. 2;

for my $port (@ports) {
    my $dir = $t->path("redis.$port");
    mkdir $dir;
    my $pid = fork() // die;

    if (!$pid) {
        open STDOUT, '>', "$dir/log";
        open STDERR, '>&', \*STDOUT;
        exec 'redis-server', '--port', $port, '--bind', '127.0.0.1', '--dir', $dir, '--save', '', '--cluster-enabled', 'yes',
            '--cluster-port', $bus{$port}, '--cluster-node-timeout', '2000' or exit 1;
    }

    push @{$t->{daemons}}, $pid;
}

sub cli { return ($t->command('redis-cli', @_))[1] }

ok($t->wait_for(sub { !grep { cli('-p', $_, 'PING') !~ /PONG/ } @ports }), 'three of Redis');

# each has a third of the slots

cli('-p', $ports[$_], 'CLUSTER', 'ADDSLOTSRANGE', int(16384 * $_ / 3), int(16384 * ($_ + 1) / 3) - 1) for 0 .. 2;
cli('-p', $ports[0], 'CLUSTER', 'MEET', '127.0.0.1', $_, $bus{$_}) for @ports[1, 2];
ok($t->wait_for(sub { !grep { cli('-p', $_, 'CLUSTER', 'INFO') !~ /cluster_state:ok/ } @ports }, 30), 'are a cluster');

$c->run;

my @who = map { $c->citizen } 1 .. 2;

$c->decide($who[$_], $_, 'forms') for 0, 1;
ok($c->everywhere($_, 'forms', 30), 'nodes that begin at different ones meet') for @who;

# the one that has the stream; a cluster answers KEYS of what it has itself

my ($from) = grep { cli('-p', $ports[$_], 'KEYS', 'consent:*:stream') =~ /consent/ } 0 .. 2;
my $stream = cli('-p', $ports[$from], 'KEYS', 'consent:*:stream') =~ s/\s+\z//r;
my $slot = cli('-p', $ports[$from], 'CLUSTER', 'KEYSLOT', $stream) =~ s/\D//gr;
my $to = ($from + 1) % 3;
my @id = map { cli('-p', $_, 'CLUSTER', 'MYID') =~ s/\s+\z//r } @ports;

cli('-p', $ports[$to], 'CLUSTER', 'SETSLOT', $slot, 'IMPORTING', $id[$from]);
cli('-p', $ports[$from], 'CLUSTER', 'SETSLOT', $slot, 'MIGRATING', $id[$to]);
like(cli('-p', $ports[$from], 'MIGRATE', '127.0.0.1', $ports[$to], $stream, 0, 5000), qr/OK/, 'the stream moves');

$c->decide($who[0], 0, 'needed');
$c->decide($who[1], 1, 'contact');
is($c->seen($who[0], 0), 'needed', 'nobody waits for it');

cli('-p', $ports[$_], 'CLUSTER', 'SETSLOT', $slot, 'NODE', $id[$to]) for $to, $from, grep { $_ != $to && $_ != $from } 0 .. 2;

ok($c->everywhere($who[0], 'needed', 30), 'when it has moved');
ok($c->everywhere($who[1], 'contact', 30), 'both know');
like(cli('-p', $ports[$to], 'KEYS', 'consent:*:stream'), qr/\Q$stream\E/, 'from where it is now');

done_testing;
