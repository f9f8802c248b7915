# No other site decides for a citizen: Origin, Sec-Fetch-Site, and the token of
# a form that was made for her, lately, for this.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }

        location /metrics {
            consent_metrics allow=127.0.0.1;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my $port = $t->port(0);
my @choice = (level => 'forms', scope => 'session', ai => 'any');

sub counted {
    my ($n) = $t->get('/metrics')->body =~ /^consent_csrf_total (\d+)/m;
    return $n;
}

sub post {
    my (@headers) = @_;

    my %form = $c->form($c->get('/.privacy/'));
    return $c->request('POST', '/.privacy/', form => [%form, @choice],
        headers => ['Accept', 'text/html', @headers]);
}

for my $case (
    ['another origin', 'Origin', 'https://evil.example'],
    ['another port', 'Origin', 'http://127.0.0.1:1'],
    ['no origin to speak of', 'Origin', 'null'],
    ['an origin that begins with ours', 'Origin', "http://127.0.0.1:$port.evil.example"],
    ['an origin that ends with ours', 'Origin', "http://evil127.0.0.1:$port"],
    ['two origins', 'Origin', "http://127.0.0.1:$port", 'Origin', 'http://evil.example'],
    ['another site', 'Sec-Fetch-Site', 'cross-site'],
    ['a sister site', 'Sec-Fetch-Site', 'same-site', 'Origin', "http://127.0.0.1:$port"],
    ['two sites', 'Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Site', 'cross-site'],
) {
    my ($what, @headers) = @$case;
    my $before = counted();
    my $r = post(@headers);

    is($r->status, 403, "$what is refused");
    like($r->body, qr/[0-9a-f]{8}/, 'with a code');
    is($c->cookie, undef, 'and nothing is set');
    is(counted(), $before + 1, 'but counted');
}

is(post('Origin', "http://127.0.0.1:$port")->status, 303, 'our own origin');
is(post('Origin', "https://127.0.0.1:$port")->status, 303,
    'also behind a balancer that ends TLS');
is(post('Sec-Fetch-Site', 'same-origin')->status, 303, 'our own site');
is(post()->status, 303, 'an old browser says neither: the token decides');

# tokens

my %form = $c->form($c->get('/.privacy/'));

for my $case (
    ['no token', token => ''],
    ['another token', token => 'A' x 54],
    ['a changed token', token => substr($form{token}, 0, -2)
        . ($form{token} =~ /AA$/ ? 'BA' : 'AA')],
    ['a longer token', token => "$form{token}A"],
    ['the token of another form', token =>
        { $c->form($c->get('/.privacy/'), '/.privacy/forget') }->{token}],
) {
    my ($what, @token) = @$case;
    my $r = $c->post('/.privacy/', [%{{ %form, @token }}, @choice]);

    is($r->status, 403, "$what is refused");
    like($r->text, qr{<title>Fel}, 'by the page itself');
    like($r->body, qr{value="forms"[^>]*checked|checked[^>]*value="forms"},
        'which keeps what was filled in');
    my %new = $c->form($r);
    is($c->post('/.privacy/', [%new, @choice])->status, 303,
        'and can be sent again');
}

my $other = Consent::Test::Citizen->new($t);
is($other->post('/.privacy/', [%form, @choice])->status, 403,
    "another citizen's token is none");
$other->choose(@choice);
is($other->post('/.privacy/', [%{{ $c->form($c->get('/.privacy/')) }}, @choice])->status, 403,
    'also where both are known');

my $agent = Consent::Test::Citizen->new($t, headers => ['User-Agent', 'A']);
my %fresh = $agent->form($agent->get('/.privacy/'));
$agent->{headers} = ['User-Agent', 'B'];
is($agent->post('/.privacy/', [%fresh, @choice])->status, 403,
    'nor is that of another browser');

# the API has no form, and no other origin may use it

my $put = { policy_version => $policy->{version}, level => 'needed' };

for my $headers (['Origin', 'https://evil.example'],
    ['Sec-Fetch-Site', 'cross-site'], ['Origin', 'null'])
{
    my $r = $c->request('PUT', '/.privacy/api/v1/state', json => $put,
        headers => $headers);
    is($r->status, 403, "the API: @$headers");
    is($r->header('Content-Type'), 'application/problem+json', 'a problem');
    is($c->request('DELETE', '/.privacy/api/v1/state', headers => $headers)
        ->status, 403, 'DELETE too');
}

is($c->state->{level}, 'forms', 'nothing of it took place');
is($c->request('OPTIONS', '/.privacy/api/v1/state', headers =>
    ['Origin', 'https://evil.example', 'Access-Control-Request-Method', 'PUT'])
    ->header('Access-Control-Allow-Origin'), undef, 'who asks is not let in');

for my $path ('withdraw', 'forget') {
    my %form = $c->form($c->get('/.privacy/'), "/.privacy/$path");
    is($c->request('POST', "/.privacy/$path", form => [%form], headers =>
        ['Origin', 'https://evil.example'])->status, 403, "$path by another");
    is($c->post("/.privacy/$path", [token => 'x'])->status, 403,
        "$path without a token");
}

is($c->state->{level}, 'forms', 'and none of that');

done_testing();
