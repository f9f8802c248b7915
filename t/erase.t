# Erasure by the citizen herself: a page that asks, a form with a token; then
# nothing of hers is left, a cookie of before raises nothing, and what she
# decides next begins anew.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use JSON::PP;

my $t = Consent::Test->new;

my $portal = $t->upstream({ status => 204 });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%
    consent_event_pass /told;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { return 200 here; }
        location /.privacy/ { consent_pages; }
        location = /told { internal; proxy_pass http://127.0.0.1:%%PORT_1%%/events; }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

like($c->get('/.privacy/erase')->text, qr/Det finns inget att radera här/, 'who has decided nothing');

$c->choose(level => 'forms', scope => 'standing', ai => 'any');
$c->choose(level => 'contact', scope => 'standing', ai => 'any');
my $receipt = $c->state->{receipt};
my $before = $c->cookie;
my $opening = $c->json('GET', "/.privacy/api/v1/receipts/$receipt")->json->{evidence}{opening};

# the page asks

like($c->get('/.privacy/record')->body, qr{href="/\.privacy/erase"}, 'the record leads to it');
my $page = $c->get('/.privacy/erase');
is($page->status, 200, 'a page');
like($page->text, qr/Det går inte att ångra\. Spara dina kvitton först/, 'that tells what it means');
like($page->text, qr/Det här finns kvar/, 'and what stays');
like($page->body, qr{<a download="record\.json" href="/\.privacy/api/v1/record">}, 'and where to save it first');
unlike($page->body, qr/\schecked|\sautofocus/, 'with nothing decided for her');
is($c->state->{level}, 'contact', 'to open it erases nothing');

my %form = $c->form($page, '/.privacy/erase');

# what is not hers to ask, or not from our page

is($c->post('/.privacy/erase', { %form, token => 'x' })->status, 403, 'no token of ours');
is($c->post('/.privacy/erase', {})->status, 403, 'or none');
is($c->post('/.privacy/erase', \%form, headers => ['Origin', 'https://evil.example'])->status, 403, 'from another site');
is($c->post('/.privacy/erase', { %form, token => { $c->form($c->get('/.privacy/'), '/.privacy/') }->{token} })->status,
    403, 'the token of another form');

my $other = Consent::Test::Citizen->new($t);
$other->choose(level => 'contact', scope => 'standing', ai => 'any');
is($other->post('/.privacy/erase', \%form)->status, 403, 'and that of another citizen');
is($c->json('DELETE', '/.privacy/api/v1/record', headers => ['Sec-Fetch-Site', 'cross-site'])->status, 403,
    'nor the API from another site');
is($c->state->{level}, 'contact', 'all of that leaves everything');

# erased

my $r = $c->post('/.privacy/erase', \%form);
is($r->status, 303, 'it is done');
is($r->header('Location'), '/.privacy/erase?done', 'and told on a page that can be loaded again');
like($r->header('Set-Cookie'), qr/^consent=; .*Max-Age=0/, 'the cookie goes');
is($c->cookie, undef, 'from her browser');
like($c->get('/.privacy/erase?done&lang=en')->text, qr/Deleted\. We no longer have your choices/, 'she is told so');

is($c->state->{status}, 'none', 'nothing is in force');
is_deeply($c->json('GET', '/.privacy/api/v1/history')->json->{decisions}, [], 'there is no history');

for my $path ("receipt/$receipt", "api/v1/receipts/$receipt", "api/v1/receipts/$receipt/entry") {
    is($t->get("/.privacy/$path", cookie => "consent=$before")->status, 404, "no $path, with the cookie of before");
}

my $state = $t->get('/.privacy/api/v1/state', cookie => "consent=$before")->json;
is($state->{status}, 'none', 'a cookie of before raises nothing');
is_deeply($state->{categories}, [], 'at all');

like($t->run_ctl('log', 'show', $t->path('store'), '--type', 'erasure'), qr/erasure/, 'the log has an entry of it');
my ($entry) = map { decode_json($_)->{entry} }
    split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--type', 'erasure', '--json');
is($entry->{entries}, 2, 'that counts what opens no more');
unlike(JSON::PP->new->encode($entry), qr/$opening->{subject}/, 'and names nobody');

ok($t->wait_for(sub { scalar grep { $_->body =~ /"erased"/ } $portal->requests }, 60), 'the portal is told');
my ($event) = grep { $_->{type} eq 'erased' } map { decode_json($_->body) } $portal->requests;
is($event->{subject}, $opening->{subject}, 'whose');
is(scalar @{$event->{categories}}, 5, 'and that all of it is meant');

# anew

is($other->state->{level}, 'contact', 'another\'s is untouched');
$r = $c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($r->status, 303, 'she may decide again') or diag($r->text, $t->error_log);
is($c->state->{level}, 'forms', 'which is in force');
my $doc = $c->json('GET', '/.privacy/api/v1/record')->json;
is(scalar @{$doc->{history}}, 1, 'with a history that begins there');
isnt($doc->{subject}, $opening->{subject}, 'under another pseudonym');
isnt($doc->{receipts}[0]{evidence}{opening}{key}, $opening->{key}, 'and another key');

# through the API

$r = $c->json('DELETE', '/.privacy/api/v1/record');
is($r->status, 200, 'DELETE');
is($r->json->{status}, 'none', 'answers with the state after it');
is($c->cookie, undef, 'and the cookie goes');
is($c->json('DELETE', '/.privacy/api/v1/record')->status, 404, 'a second one finds nothing');
is($c->json('POST', '/.privacy/api/v1/record')->status, 405, 'no other method');

done_testing();
