# Another process holds the store's writer lock and does not let go: nobody
# waits for ever, what was not saved is told, and what waits when the lock is
# free is taken. Reading goes on.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Consent::Test::Lock;

use Time::HiRes qw(time);

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

my $lock = Consent::Test::Lock->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 200, 'a decision from before');

$lock->hold;

is($c->get('/forms/')->status, 200, 'what is known is in force');
is($c->get('/.privacy/record')->status, 200, 'and shown');

my $other = Consent::Test::Citizen->new($t);
my $from = time;
my $r = $other->choose(level => 'forms', scope => 'session', ai => 'any');
my $took = time - $from;

is($r->status, 503, 'a decision that cannot be written is given up');
like($r->text, qr{Inget har ändrats}, 'and nothing has changed');
ok($took > 3 && $took < 8, 'after a while') or diag $took;
is($other->cookie, undef, 'no cookie');

# one that waits, and one whose client leaves meanwhile

my $page = $other->get('/.privacy/');
my %form = $other->form($page);

my $waits = $t->connect;
my $body = join '&', (map { "$_=$form{$_}" } sort keys %form), 'level=contact&scope=session&ai=any';
my $post = "POST /.privacy/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
$waits->send($post);

my $leaves = $t->connect;
$leaves->send($post);
$t->settle;
$leaves->close;

$t->command('curl', '-s', '--http2-prior-knowledge', '-A', '', '-m', '0.5', '-d', $body,
    'http://127.0.0.1:' . $t->port(2) . '/.privacy/');
ok($t->wait_for(sub { $t->access_log =~ m{"POST /\.privacy/ HTTP/2\.0" 499 } }, 2),
    'also over HTTP/2');
ok($t->wait_for(sub { $t->access_log =~ m{"POST /\.privacy/ HTTP/1\.1" 499 } }, 2),
    'who leaves is not waited for');
is($c->get('/forms/')->status, 200, 'meanwhile the portal is served');

$t->settle;
$lock->release;

$r = $waits->response('POST');
is($r->status, 303, 'who waited is told that it is saved') or diag $r;
ok($r->header('Set-Cookie'), 'and gets the cookie');

ok($t->wait_for(sub { $other->choose(level => 'needed', scope => 'session', ai => 'any')->status == 303 }),
    'all is well again');

# a worker that is asked to leave while its commit waits

$lock->hold;
$waits = $t->connect;
%form = $other->form($other->get('/.privacy/'));
$body = join '&', (map { "$_=$form{$_}" } sort keys %form), 'level=contact&scope=session&ai=any';
$waits->send("POST /.privacy/ HTTP/1.1\r\nHost: x\r\nCookie: consent=" . $other->cookie
    . "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($body) . "\r\n\r\n$body");
$t->settle;

my ($worker) = $t->workers;
kill 'QUIT', $worker;
$t->settle;
$lock->release;

$r = $waits->response('POST');
is($r->status, 303, 'answers before it leaves');
ok($t->wait_for(sub { !kill 0, $worker }), 'and leaves');
ok($t->wait_for(sub { $other->state->{level} eq 'contact' }), 'what it wrote is there');

done_testing();
