# One worker of a node publishes. Whatever happens to it, another goes on, and
# there is one log: each checkpoint is a prefix of those that follow.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

my $http = <<'EOF';
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
    }
EOF

$t->run($http, workers => 3);
$t->allow(qr/exited on signal 9/);

my $log = Consent::Test::Log->new($t);
my @checkpoints;
my $decided = 0;

sub decide {
    my $c = Consent::Test::Citizen->new($t);
    my $r = $c->choose(level => 'contact', scope => 'standing', ai => 'any');
    $decided++ if $r->status == 303;
    return $r->status == 303;
}

sub published {
    my ($what) = @_;

    ok($t->wait_for(sub {
        my $r = $log->get('checkpoint');
        return 0 if $r->status != 200;
        push @checkpoints, $log->read_checkpoint($r->body);
        return $decided == $log->has($checkpoints[-1], sub { $_[0]{type} eq 'decision' });
    }, 20), $what);
}

# The process that has the lock of the store's publisher.
sub publisher {
    my $file = $t->path('store/publisher');
    my ($dev, $inode) = (stat $file)[0, 1];

    for my $pid ($t->workers) {
        for my $info (glob "/proc/$pid/fdinfo/*") {
            open my $f, '<', $info or next;
            my $said = do { local $/; <$f> } // '';
            return $pid if $said =~ /^lock:.*OFDLCK.*:$inode /m;
        }
    }

    return;
}

ok(decide(), 'a decision');
published('is published');

my $first = publisher();
ok($first, 'by a worker that has a lock');

kill 'KILL', $first;
ok($t->wait_for(sub { my $p = publisher(); return $p && $p != $first }), 'killed, another has it');
ok($t->wait_for(\&decide), 'decisions are taken');
published('and published');

my $second = publisher();
$t->reload;
ok(decide(), 'a decision during a reload');
published('is published by the new workers');
ok($t->wait_for(sub { my $p = publisher(); return $p && $p != $second }), 'who have the lock');

my $third = publisher();
$t->upgrade;
ok(decide(), 'a decision after an upgrade of the binary');
published('is published');
ok($t->wait_for(sub { my $p = publisher(); return $p && $p != $third }), 'by the new ones');

# killed at any moment, again and again

for (1 .. 12) {
    my $p = publisher();
    kill 'KILL', $p if $p;
    $t->wait_for(\&decide);
}

published('all that was acknowledged is there');

# kill -9 of all

kill 'KILL', $t->workers;
$t->wait_for(\&decide, 20);
published('when all workers were killed, too');

my %seen;
my @forked;

for my $c (grep { !$seen{$_->{size}}++ } @checkpoints) {
    push @forked, $c if !eval { $log->entries($c) };
}

is(scalar(@forked), 0, 'every checkpoint that anybody was given is a prefix of the last');

my %root;
$root{$_->{size}}{$_->{root}} = 1 for @checkpoints;
is(scalar(grep { CORE::keys(%$_) > 1 } values %root), 0, 'and no two of a size differ');

done_testing();
