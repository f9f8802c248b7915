# Our own pages keep no word that is not the policy's: not in nginx's logs, not in the store, not in an entry.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;
use Consent::Test::Citizen;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    log_format all '$request "$http_referer"';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        access_log %%DIR%%/access.log all;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('p' . $n++) }

# what is written where a word is asked for

my $origin = 'http://127.0.0.1:' . $t->port;
my @same = ('Origin', $origin, 'Sec-Fetch-Site', 'same-origin');

for my $json ({ level => v() }, { categories => [v()] }, { level => 'forms', scope => v() }, { level => 'forms', ai => v() },
    { level => 'forms', v() => 1 }, { level => 'forms', policy_version => v() }, { level => 'forms', note => v() }, [v()], v())
{
    my $body = ref $json eq 'HASH' ? { policy_version => '2026-11-22', %$json } : [$json];
    $t->request('PUT', '/.privacy/api/v1/state', json => $body, headers => \@same, cookie => 'consent=' . v());
}

$t->request('PUT', '/.privacy/api/v1/state', body => '{"level":"' . v(), headers => [@same, 'Content-Type', 'application/json']);
$t->request('PUT', '/.privacy/api/v1/state', body => v(), headers => [@same, 'Content-Type', 'text/' . v()]);

my $citizen = Consent::Test::Citizen->new($t, headers => ['User-Agent', v(), 'Accept-Language', v() . ', sv']);
$citizen->choose(level => v(), scope => v(), ai => v(), category => v(), v() => v(), back => '/x?pnr=' . v());
my $r = $citizen->choose(level => 'forms', scope => 'session', ai => 'any', v() => v(), back => '/x?pnr=' . v());
is($r->status, 303, 'a choice with more in it than is asked for');
$citizen->post('/.privacy/', [token => v(), level => 'forms']);
$t->request('POST', '/.privacy/', form => [token => v()], headers => ['Origin', 'http://' . v(), 'Content-Type', v()]);

like($t->run_ctl('log', 'show', $t->path('store')), qr/decision/, 'there is a log');
is_deeply([$c->leaks($t->run_ctl('log', 'show', $t->path('store'), '--json'))], [], 'what she typed is nowhere');

done_testing;
