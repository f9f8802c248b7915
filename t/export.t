# All that is held of a citizen, as one document: what is in force, history,
# receipts, the texts she decided on, and what was withheld lately.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use Digest::SHA qw(sha256_hex);

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $uri = '/.privacy/api/v1/record';
my $c = Consent::Test::Citizen->new($t);

my $doc = $c->json('GET', $uri)->json;
is($doc->{state}{status}, 'none', 'who has decided nothing');
is_deeply([map { scalar @{$doc->{$_}} } qw(history receipts texts withheld)], [0, 0, 0, 0], 'has nothing held');
is($doc->{subject}, undef, 'and no pseudonym');

$c->choose(level => 'forms', scope => 'standing', ai => 'any', lang => 'sv');
$c->choose(level => 'contact', scope => 'standing', ai => 'any', lang => 'sv');
$c->get('/start?pnr=19811228-9874');

my $r = $c->json('GET', $uri);
is($r->status, 200, 'the export');
is($r->header('Cache-Control'), 'no-store', 'which nobody keeps');

$doc = $r->json;
is($doc->{state}{level}, 'contact', 'has what is in force');
is_deeply([map { $_->{level} } @{$doc->{history}}], ['contact', 'forms'], 'the history');
is_deeply([map { $_->{'dct:identifier'} } @{$doc->{receipts}}], [map { $_->{receipt} } @{$doc->{history}}],
    'its receipts');

# between two that are alike nothing was published

my $alone;
ok($t->wait_for(sub {
    $doc = $c->json('GET', $uri)->json;
    $alone = $c->json('GET', "/.privacy/api/v1/receipts/$doc->{history}[1]{receipt}")->json;
    return JSON::PP->new->canonical->encode($doc->{receipts})
        eq JSON::PP->new->canonical->encode($c->json('GET', $uri)->json->{receipts});
}), 'it comes to rest');
is_deeply($doc->{receipts}[1], $alone, 'each as it is given by itself');
like($doc->{subject}, qr/^[0-9a-f]{32}$/, 'her pseudonym');

is(scalar @{$doc->{texts}}, 1, 'the text she decided on, once');
my $text = $doc->{texts}[0]{text};
utf8::encode($text);
is(sha256_hex($text), $doc->{texts}[0]{hash}, 'by its hash');
like($text, qr/Vilka uppgifter vill du dela/, 'as it was');
is("sha256:$doc->{texts}[0]{hash}",
    $doc->{receipts}[0]{'dpv:hasRecordOfActivity'}{'dpv:hasNotice'}[0]{'dct:identifier'}, 'which the receipts name');

is_deeply([map { @{$_->{categories}} } @{$doc->{withheld}}], ['identity'], 'and what was withheld, by its kind');
unlike($r->body, qr/9874/, 'never by its value');

my $other = Consent::Test::Citizen->new($t);
is_deeply($other->json('GET', $uri)->json->{history}, [], 'of nobody else');

# many decisions, still one document

$c->choose(level => $_ % 2 ? 'needed' : 'contact', scope => 'standing', ai => 'any') for 1 .. 30;
is(scalar @{$c->json('GET', $uri)->json->{receipts}}, 32, 'all of them');

done_testing();
