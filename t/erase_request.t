# Where a person decides about erasure (public records), the citizen's wish is
# handed over, sealed until it is, and she can follow it; nothing is erased by
# it alone.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use JSON::PP;

my $t = Consent::Test->new;

my $desk = $t->upstream({ status => 204 });

$t->keys;
$t->policy(sub { $_[0]{erasure} = 'request' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location /.privacy/ { consent_pages; consent_handoff_pass /desk/; }
        location /desk/ { internal; proxy_pass http://127.0.0.1:%%PORT_1%%; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        location /.privacy/ { consent_pages; }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');

my $page = $c->get('/.privacy/erase?lang=sv');
like($page->text, qr/det en människa som beslutar om de får raderas/, 'the page says who decides');
unlike($page->text, qr/Det går inte att ångra/, 'and not that it erases');
my %form = $c->form($page, '/.privacy/erase');

is($c->post('/.privacy/erase', { %form, contact => "07\n0 12345" })->status, 400, 'a contact of two lines');
is(scalar($desk->requests), 0, 'is not handed over');

my $r = $c->post('/.privacy/erase', { %form, contact => 'kim@example.org' });
is($r->status, 303, 'a request is taken');
my ($id) = $r->header('Location') =~ m{^/\.privacy/erase\?request=([0-9a-f]{32})$};
ok($id, 'and has a number');

$page = $c->get("/.privacy/erase?request=$id&lang=sv");
like($page->text, qr/Din begäran är mottagen\. En människa beslutar om den/, 'she is told so');

ok($t->wait_for(sub { $desk->requests >= 1 }, 60), 'it is handed over');
my $doc = decode_json(($desk->requests)[0]->body);
is($doc->{type}, 'erasure', 'as what it is');
is($doc->{contact}, 'kim@example.org', 'with where to answer');
my $subject = $c->json('GET', '/.privacy/api/v1/record')->json->{subject};
is($doc->{subject}, $subject, 'and whose it is');

is($c->state->{level}, 'forms', 'nothing is erased by that');

# the person has decided

$r = $t->request('POST', $doc->{status_url}, headers => ['Authorization', "Bearer $doc->{status_token}",
    'Content-Type', 'application/json'], body => '{"status":"closed","tag":"KS 2026/17"}');
is($r->status, 200, 'the desk says what became of it');
like($c->get("/.privacy/erase?request=$id&lang=sv")->text, qr{KS 2026/17}, 'she sees it');

# through the API

$r = $c->json('DELETE', '/.privacy/api/v1/record');
is($r->status, 202, 'the API takes a request too');
is($r->json->{status}, 'requested', 'as a request');
is($c->json('GET', "/.privacy/api/v1/handoffs/" . $r->json->{id})->status, 200, 'that can be followed');
is($c->state->{level}, 'forms', 'and erases nothing');

is($c->get('/.privacy/erase?request=' . '0' x 32)->status, 404, 'a request of nobody');
is($c->get('/.privacy/erase?request=x')->status, 404, 'or none at all');

my @entries = map { decode_json($_)->{entry} }
    split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--type', 'handoff', '--json');
is($entries[0]{channel}, 'erasure', 'the log tells of the request');
unlike($t->run_ctl('log', 'show', $t->path('store')), qr/kim\@example|$subject/, 'and of nobody');

# where nobody takes it

my $d = Consent::Test::Citizen->new($t, port => 2);
$d->choose(level => 'forms', scope => 'standing', ai => 'any');
$page = $d->get('/.privacy/erase?lang=sv');
like($page->text, qr/Kontakta oss, så hjälper vi dig/, 'the page leads to a person');
unlike($page->body, qr/<form/, 'and has no form');
is($d->json('DELETE', '/.privacy/api/v1/record')->status, 403, 'nor does the API take it');

done_testing();
