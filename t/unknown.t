# consent_unknown: names that the policy does not know pass, are reported, go,
# or are refused; consentctl lists them by location.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ headers => ['Content-Type', 'text/plain',
    'Set-Cookie', 'JSESSIONID=1', 'Set-Cookie', '_ga=2; Path=/', 'Set-Cookie', 'epost=3'] });

$t->keys;
$t->policy(sub {
    my ($policy) = @_;
    $policy->{necessary} = { cookies => ['JSESSIONID'], args => ['q', 'page'],
        fields => ['csrf'], json => [], set_cookies => ['JSESSIONID'] };
});

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /pass/ { consent_unknown pass; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /remove/ { consent_unknown remove; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /refuse/ { consent_unknown refuse; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /trial/ { consent report; consent_unknown refuse; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /metrics { consent_metrics allow=127.0.0.1; }
        location /.privacy/ { consent_pages; }
    }
EOF

sub unknown { $t->get('/metrics')->body =~ /^consent_unknown_names_total (\d+)$/m ? $1 : die 'no counter' }
sub cookies { join ' ', map { /^Set-Cookie: (\w+)=/i ? $1 : () } split /\r\n/, $_[0]->head }

my @cookie = (cookie => 'JSESSIONID=1; _ga=2; sid=3');
my $query = '?q=1&fbclid=2&pnr=3&page=4&fbclid=5';

my $r = $t->get("/$query", @cookie);
is($up->last->uri, '/?q=1&fbclid=2&page=4&fbclid=5', 'reported arguments pass');
is($up->last->header('Cookie'), 'JSESSIONID=1; _ga=2; sid=3', 'and so do cookies');
is(cookies($r), 'JSESSIONID _ga', 'and what the service sets');
is(unknown(), 5, 'each is counted');

$r = $t->get("/pass/$query", @cookie);
is($up->last->uri, '/pass/?q=1&fbclid=2&page=4&fbclid=5', 'what is not looked for passes');
is(unknown(), 5, 'and is not counted');

$r = $t->get("/remove/$query", @cookie);
is($up->last->uri, '/remove/?q=1&page=4', 'an unknown argument goes');
is($up->last->header('Cookie'), 'JSESSIONID=1', 'and an unknown cookie');
is(cookies($r), 'JSESSIONID', 'and what the service sets');

my $n = scalar($up->requests);
$r = $t->get("/refuse/$query", @cookie, headers => ['Accept', 'application/json']);
is($r->status, 400, 'an unknown argument is refused');
like($r->json->{type}, qr{/problems/unknown-name$}, 'and the answer says why');
like($r->json->{human}{url}, qr{/human$}, 'and whom to turn to');
is(scalar($up->requests), $n, 'nothing arrives');

my ($status, $said) = $t->run_ctl('explain', $t->path('store'), $r->json->{code});
is($status, 0, 'the code is known');
like($said, qr/consent_unknown/, 'and leads to the rule');
unlike($said, qr/fbclid/, 'not to the name');

$r = $t->get('/refuse/?q=1&page=2', @cookie);
is($r->status, 200, 'what is necessary passes');
is($up->last->header('Cookie'), 'JSESSIONID=1', 'cookies go: a browser sends them by itself');

$r = $t->get("/trial/$query", @cookie);
is($up->last->uri, "/trial/$query", 'report changes nothing');
is(cookies($r), 'JSESSIONID _ga epost', 'on the way back either');

$t->get('/?19800101-1234&kim@example.org=1&Kim+Larsson');

($status, $said) = $t->run_ctl('gaps', $t->path('store'));
is($status, 0, 'consentctl lists them');
like($said, qr{^  argument     fbclid  +2  last }m, 'with how often');
like($said, qr{^/remove/$}m, 'and where');
like($said, qr{^  Set-Cookie   _ga }m, 'cookies that the service sets too');
like($said, qr{^  argument     #-# }m, 'a name that may be a value is folded');
unlike($said, qr/1980|kim|Larsson/i, 'and cannot be read');
unlike($said, qr/JSESSIONID|pnr|epost/, 'what the policy knows is not there');

my $bytes = $t->read('store/gaps');
unlike($bytes, qr/19800101|Larsson|kim\@/, 'nor is it in the file');

done_testing();
