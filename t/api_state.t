# The JSON API: state is read, put and deleted; history and receipts are one's
# own; every error is a problem document.

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
    }
EOF

my $api = '/.privacy/api/v1';
my $c = Consent::Test::Citizen->new($t);
my $version = $policy->{version};

sub put {
    my ($data, %o) = @_;

    return $c->request('PUT', "$api/state", json => $data, headers =>
        ['Origin', $c->origin, 'Sec-Fetch-Site', 'same-origin'], %o);
}

is_deeply($c->state, { policy => 'exempelkommun', policy_version => $version,
    level => 'needed', categories => [], status => 'none', decided_at => undef,
    expires_at => undef, receipt => undef, scope => 'session', ai => 'any' },
    'before a decision: the most private level') or diag explain $c->state;

my $r = put({ policy_version => $version, level => 'forms' });
is($r->status, 200, 'a level is put');
is($r->json->{level}, 'forms', 'and answered with what is in force');
is($r->json->{status}, 'given', 'given');
is($r->json->{scope}, 'session', 'for this visit, where nothing is said');
like($r->json->{decided_at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'decided');
like($r->json->{receipt}, qr/^[0-9a-f]{32}$/, 'with a receipt');
is($r->header('Cache-Control'), 'no-store', 'which nobody keeps');
ok($c->cookie, 'and a cookie');
is_deeply($c->state, $r->json, 'GET says the same');

$r = put({ policy_version => $version, categories => ['location', 'contact'],
    scope => 'standing', ai => 'own' });
is_deeply($r->json->{categories}, ['contact', 'location'], 'categories are put');
is($r->json->{scope}, 'standing', 'standing');
is($r->json->{ai}, 'own', 'with who may answer');

$r = put({ policy_version => $version, categories => [] });
is($r->json->{status}, 'refused', 'no category is a refusal');

# what is refused

my $before = $c->state;

for my $case (
    [400, 'no version', { level => 'forms' }],
    [400, 'neither level nor categories', { policy_version => $version }],
    [400, 'both', { policy_version => $version, level => 'forms', categories => [] }],
    [400, 'an unknown level', { policy_version => $version, level => 'x' }],
    [400, 'a level that is none', { policy_version => $version, level => 'custom' }],
    [400, 'a level that is a number', { policy_version => $version, level => 1 }],
    [400, 'an unknown category', { policy_version => $version, categories => ['x'] }],
    [400, 'what is no choice', { policy_version => $version, categories => ['case'] }],
    [400, 'categories in a string', { policy_version => $version, categories => 'x' }],
    [400, 'an unknown scope', { policy_version => $version, level => 'forms', scope => 'x' }],
    [400, 'once', { policy_version => $version, level => 'forms', scope => 'once' }],
    [400, 'an unknown ai', { policy_version => $version, level => 'forms', ai => 'x' }],
    [400, 'a list', []],
    [409, 'another version', { policy_version => 'x', level => 'forms' }],
) {
    my ($status, $what, $data) = @$case;
    my $r = put($data);
    is($r->status, $status, "$what is refused");
    is($r->header('Content-Type'), 'application/problem+json', 'as a problem');
    is($r->json->{status}, $status, 'that says which');
    like($r->json->{code}, qr/^[0-9a-f]{8}$/, 'with a code');
    ok($r->json->{human}, 'and a way to a person');
}

for my $body ('', '{', '{"a":1}x', "\xff", '[' x 2000) {
    is($c->request('PUT', "$api/state", body => $body, headers =>
        ['Content-Type', 'application/json'])->status, 400, 'no document');
}

is($c->request('PUT', "$api/state", body => '{}', headers =>
    ['Content-Type', 'text/plain'])->status, 415, 'another type');
is($c->request('PUT', "$api/state", body => ' ' x 70_000, headers =>
    ['Content-Type', 'application/json'])->status, 413, 'too large');
is_deeply($c->state, $before, 'none of it changed anything');

# withdrawal

put({ policy_version => $version, level => 'fitted', scope => 'standing' });
$r = $c->request('DELETE', "$api/state", headers => ['Origin', $c->origin]);
is($r->status, 200, 'DELETE');
is($r->json->{status}, 'withdrawn', 'withdraws');
is_deeply($r->json->{categories}, [], 'everything');

# the past

$r = $c->json('GET', "$api/history");
my $past = $r->json->{decisions};
is_deeply([map { $_->{status} } @$past],
    ['withdrawn', 'given', 'refused', 'given', 'given'], 'history, newest first');
is($past->[0]{method}, 'api', 'and how');

my $id = $past->[1]{receipt};
$r = $c->json('GET', "$api/receipts/$id");
is($r->status, 200, 'a receipt');
is($r->json->{receipt}, $id, 'of that decision') or diag $r->body;

is($c->json('GET', "$api/receipts/" . '0' x 32)->status, 404, 'none of it');
is($c->json('GET', "$api/receipts/xyz")->status, 404, 'no id');

my $other = Consent::Test::Citizen->new($t);
$other->choose(level => 'contact', scope => 'session', ai => 'any');
is($other->json('GET', "$api/receipts/$id")->status, 404,
    "another's receipt is not there");
is(scalar @{$other->json('GET', "$api/history")->json->{decisions}}, 1,
    'nor her history');

# the rest

is($c->json('GET', "$api/policy")->json->{id}, 'exempelkommun', 'the policy');
like($c->json('GET', "$api/openapi.json")->json->{openapi}, qr/^3\.1/,
    'what there is, as OpenAPI');
is($c->json('GET', "$api/nosuch")->status, 404, 'what there is not');
is($c->json('GET', "$api/nosuch")->header('Content-Type'),
    'application/problem+json', 'as a problem');
is($c->request('POST', "$api/state", form => [a => 1])->status, 405,
    'POST is not for programs');
is($c->request('POST', "$api/state", form => [a => 1])->header('Allow'),
    'GET, HEAD, PUT, DELETE', 'but these are');
is($c->request('HEAD', "$api/state")->status, 200, 'HEAD');
is($c->request('GET', "$api/state", headers => ['Origin', 'http://x.example'])
    ->header('Access-Control-Allow-Origin'), undef, 'no other origin reads');

done_testing();
