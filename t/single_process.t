# nginx without a master, as developers run it: one process opens the store and
# commits. (nginx itself does not survive a reload that way.)

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

my $http = <<'EOF';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /ai {
            consent on;
            consent_ai on;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

$t->write('html/ai', 'answer');

$t->write_conf($t->around($http));
my $pid = $t->daemon(sub {
    exec { Consent::Test::Nginx::nginx() } 'nginx', '-p', $t->dir, '-c', $t->path('nginx.conf'),
        '-g', 'daemon off; master_process off;';
});
ok($t->wait_for(sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $t->port(0)) }), 'it serves');

my $c = Consent::Test::Citizen->new($t);
is($c->choose(level => 'forms', scope => 'standing', ai => 'any')->status, 303, 'a decision');
is($c->state->{level}, 'forms', 'in force');

is($c->get('/.privacy/record')->status, 200, 'the record');

is($c->get('/ai')->status, 200, 'an answer, whose entry may wait for others');

kill 'QUIT', $pid;
ok($t->wait_for(sub { waitpid($pid, 1) != 0 }), 'it ends');
is($?, 0, 'well');
like($t->read('store/data.mdb'), qr/"type":"disclosure"/, 'and the entry is in the log');

done_testing();
