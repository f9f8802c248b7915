# Any process of nginx is killed at any moment while citizens decide, and so are
# tools that write beside it: what was acknowledged is there, once and in order,
# the log verifies, and each checkpoint that was ever signed is a prefix of it.
#
# CONSENT_KILLS says how many.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Log;
use Consent::Test::Promises;
use JSON::PP ();
use Time::HiRes qw(sleep time);

my $t = Consent::Test->new;
my $keys = $t->keys;
my $policy = $t->policy;

$t->allow(qr/exited on signal 9|\[alert\].*(?:kill|unlink|worker process)/);
$t->run(<<'EOF', workers => 2);
    %%CONSENT%%
    consent_log_interval 20ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
    }
EOF

my $kills = $ENV{CONSENT_KILLS} || 120;
my $until = time() + 60;
my $store = $t->path('store');
my $subject = 'c0' x 16;
my (%killed, @recorded, %signed);

# A clerk's tool, killed wherever it is; what it said is a promise too.
sub record {
    my ($after) = @_;

    my $pid = open(my $out, '-|') // die;

    if (!$pid) {
        open STDERR, '>', '/dev/null';
        exec { "$Consent::Test::BUILD/consentctl" } 'consentctl', 'record', $store, $subject, '--level', 'contact', '--case',
            'x', '--json' or POSIX::_exit(127);
    }

    sleep $after;
    my $hit = kill 'KILL', $pid;
    my $said = do { local $/; <$out> } // '';
    close $out;
    push @recorded, JSON::PP->new->decode($said)->{entry} if $said =~ /^\{.*\}\n\z/;
    $killed{tool}++;
}

sub signed {
    my $note = $t->read('keys/kept/checkpoint');
    $signed{$1} = $note if $note =~ /\A\S+\n(\d+)\n/;
}

sub restart {
    # the master first: it would start others in the place of its workers
    kill 'KILL', $t->pid;
    $t->wait_for(sub { kill 'KILL', keys %{$t->processes}; !%{$t->processes} }, 20) or die "nginx cannot be killed\n";
    delete $t->{pid};
    $t->start;
}

my $p = Consent::Test::Promises->new($t, version => $policy->{version}, clients => 4, levels => [qw(contact needed forms)]);

srand($ENV{CONSENT_SEED} // 20261122);
$p->start;

for (my $i = 0; $i < $kills || ($p->acknowledged < 100 && time() < $until); $i++) {
    sleep rand 0.06;
    signed() if $i % 4 == 0;

    if ($i % 50 == 49) {
        # the master, with or without its workers
        restart();
        $killed{master}++;

    } elsif ($i % 10 == 9) {
        record(rand 0.03);

    } elsif ($i % 25 == 24) {
        $t->reload(undef);
        $killed{reload}++;

    } else {
        my @workers = $t->workers;
        kill 'KILL', $workers[rand @workers] if @workers;
        $killed{worker}++;
    }
}

$p->stop;
signed();

my $n = $p->acknowledged;
diag(join ', ', (map { "$_: $killed{$_}" } sort keys %killed), "acknowledged: $n", 'checkpoints: ' . keys %signed)
    if $ENV{CONSENT_KILLS};

cmp_ok($killed{worker}, '>=', 50, 'workers were killed again and again');
cmp_ok($n, '>', 50, 'while citizens decided');
cmp_ok(scalar(keys %signed), '>', 3, 'and the log was signed');

restart();
my @faults = $p->faults;
is_deeply(\@faults, [], 'what was acknowledged is there, once and in order');

# the tool's

my $log = $t->run_ctl('log', 'show', $store, '--type', 'decision', '--json');
my %by_clerk = map { /"by":"clerk"/ && /^\{"index":(\d+),/ ? ($1 => 1) : () } split /\n/, $log;
is_deeply([grep { !$by_clerk{$_} } @recorded], [], 'and what the tool said that it wrote');

my %receipt = map { ($_->[0] => 1) } map { $p->promised($_) } 1 .. 4;
my $decisions = () = $log =~ /^\{"index":/mg;
cmp_ok($decisions, '>=', $n + @recorded, 'the log has an entry for each');

# the log

$t->quit;
my ($status, $said) = $t->run_ctl('log', 'verify', $store, '--key', "$keys/log.pub");
is($status, 0, 'it verifies') or diag $said;

my @sizes = sort { $a <=> $b } keys %signed;
my @some = @sizes[grep { $_ % (1 + int(@sizes / 12)) == 0 } 0 .. $#sizes];
my @broken = grep {
    $t->write('since', $signed{$_});
    ($t->run_ctl('log', 'verify', $store, '--key', "$keys/log.pub", '--since', $t->path('since')))[0] != 0;
} @some, $sizes[-1];
is_deeply(\@broken, [], 'and goes on from every checkpoint that was ever signed');

done_testing();
