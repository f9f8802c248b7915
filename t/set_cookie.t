# Cookies that a citizen has not agreed to are not set; after a withdrawal the browser is told to drop them; the consent
# cookie is only ours to set.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ headers => ['Content-Type', 'application/json',
    'Set-Cookie', 'stat_id=4711; Domain=localhost; Path=/stat; Expires=Wed, 21 Oct 2037 07:28:00 GMT',
    'Set-Cookie', 'STAT_ID=4712; Path=/',
    'Set-Cookie', 'JSESSIONID=abc; Path=/; HttpOnly',
    'set-cookie', 'consent=forged; Path=/',
    'Set-Cookie', ' __Host-consent=forged; Path=/; Secure'], body => '{}' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /report/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent report; }
        location /.privacy/ { consent_pages; }
    }
EOT

sub lines { return join "\n", map { s/^\s+//r } $_[0]->header('Set-Cookie') }

my $r = $t->get('/');
is(lines($r), 'JSESSIONID=abc; Path=/; HttpOnly', 'without a decision only what is necessary is set');

$r = $t->get('/report/');
like(lines($r), qr/stat_id=4711/, 'report lets it pass');
unlike(lines($r), qr/forged/, 'but never a consent cookie that is not ours');

$r = $t->get('/off/');
like(lines($r), qr/stat_id=4711/, 'off lets it pass');
unlike(lines($r), qr/forged/, 'but never a consent cookie that is not ours');

my $given = $t->decide(level => 'fitted');
like($given, qr/^consent=./, 'she agrees');

$r = $t->get('/', cookie => $given);
like(lines($r), qr/^stat_id=4711; Domain=localhost; Path=\/stat; Expires=.*2037.*\nSTAT_ID=4712/,
    'then the cookie is set, byte for byte');
unlike(lines($r), qr/Max-Age=0/, 'nothing is dropped');

$r = $t->request('DELETE', '/.privacy/api/v1/state', cookie => $given,
    headers => ['Sec-Fetch-Site' => 'same-origin']);
is($r->status, 200, 'she withdraws');
my $after = defined $r->cookie('consent') ? 'consent=' . $r->cookie('consent') : $given;

$r = $t->get('/', cookie => "$after; stat_id=4711");
my $lines = lines($r);
is(() = $lines =~ /^stat_id=; Path=\/; Max-Age=0$/mg, 1, 'the browser is told to drop what it still sends, once');
like($lines, qr/^stat_id=;(?=.*Domain=localhost)(?=.*Path=\/stat)(?=.*Max-Age=0)/m,
    'with the Domain and Path that were seen');
unlike($lines, qr/471[12]/, 'and nothing is set anew');

$r = $t->get('/', cookie => $after);
unlike(lines($r), qr/Max-Age=0/, 'what it does not send is not dropped');

$r = $t->get('/', cookie => 'stat_id=4711');
unlike(lines($r), qr/Max-Age=0/, 'nor is anything where nobody has decided');

done_testing;
