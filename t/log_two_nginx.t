# Two nginx on one store, with the same keys: one of them publishes, whichever,
# and when it ends the other goes on.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Log;

my $t = Consent::Test->new;
my $other = Consent::Test->new;

$t->keys;
$t->policy;

my $http = <<"EOF";
    consent_policy @{[$t->path('policy.json')]};
    consent_store @{[$t->path('store')]} size=1g;
    consent_keys @{[$t->path('keys')]};
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ { consent_pages; }
        location /log/      { consent_log allow=127.0.0.1; }
    }
EOF

$t->run($http, workers => 2);
$other->run($http, workers => 2);

my $decided = 0;

sub decide {
    my ($where) = @_;

    is(Consent::Test::Citizen->new($where)->choose(level => 'contact', scope => 'standing', ai => 'any')->status, 303,
        'a decision is taken');
    $decided++;
}

sub published {
    my ($where, $what) = @_;

    # the key is the first one's, and what is signed is read where it is asked for
    my $log = Consent::Test::Log->new($where, key => $t->path('keys/log.pub'));

    ok($where->wait_for(sub {
        my $r = $log->get('checkpoint');
        return $r->status == 200
            && $decided == $log->has($log->read_checkpoint($r->body), sub { $_[0]{type} eq 'decision' });
    }, 20), $what);
}

decide($_) for $t, $other, $t, $other;
published($t, 'all of it is in the log that one shows');
published($other, 'and in the one that the other shows: it is the same');

my $file = $t->path('store/publisher');
my $inode = (stat $file)[1];

sub holds {
    my ($pid) = @_;

    for my $info (glob "/proc/$pid/fdinfo/*") {
        open my $f, '<', $info or next;
        return 1 if join('', <$f>) =~ /^lock:.*OFDLCK.*:$inode /m;
    }

    return 0;
}

my @holders = grep { holds($_) } $t->workers, $other->workers;
is(scalar(@holders), 1, 'one worker of all publishes');

$t->quit;
decide($other);
published($other, 'when one has ended, the other goes on');

$t->start;
$other->quit;
decide($t);
published($t, 'and the other way round');

done_testing();
