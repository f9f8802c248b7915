# A receipt as its owner gets it: as a page or as JSON-LD, with the exact bytes
# of its entry in the log and what opens it; for refusals and withdrawals too.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

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
my @ids;

for ([level => 'forms'], [level => 'needed'], [level => 'contact']) {
    $c->choose(@$_, scope => 'standing', ai => 'any');
    push @ids, $c->state->{receipt};
}

$c->json('DELETE', "$api/state");
push @ids, $c->state->{receipt};

# by Accept

my $r = $c->get("/.privacy/receipt/$ids[0]");
like($r->header('Content-Type'), qr{^text/html}, 'a page for people');
like($r->text, qr/Så kan kvittot kontrolleras/, 'that tells how it can be checked');

for my $accept ('application/ld+json', 'application/json', 'application/ld+json, text/html;q=0.5') {
    $r = $c->request('GET', "/.privacy/receipt/$ids[0]", headers => ['Accept', $accept]);
    is($r->header('Content-Type'), 'application/ld+json', "JSON-LD for $accept");
}

like($r->header('Cache-Control'), qr/no-store/, 'which nobody keeps');

# the document

my %log = map { my $line = decode_json($_); ($line->{index} => [$line->{entry}, $_]) }
    split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--json');

my (%subjects, %keys, %nonces);
my @fates = (
    { contact => 'Given', identity => 'Given', location => 'Refused' },
    { contact => 'Withdrawn', identity => 'Withdrawn', location => 'Refused' },
    { contact => 'Given', identity => 'Refused', location => 'Refused' },
    { contact => 'Withdrawn', identity => 'Refused', location => 'Refused' },
);

for my $i (0 .. 3) {
    $r = $c->json('GET', "$api/receipts/$ids[$i]");
    is($r->status, 200, "receipt $i");

    my $doc = $r->json;
    is($doc->{'@type'}, 'dpv:ConsentReceipt', 'a consent receipt');
    is($doc->{'dct:conformsTo'}, 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr', 'of that profile');
    is($doc->{'dct:identifier'}, $ids[$i], 'with its number');

    my $record = $doc->{'dpv:hasRecordOfActivity'};
    is($record->{'dct:conformsTo'}, 'https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr', 'with the record');

    my %fate = map { ($_->{'dct:identifier'} => $_->{'dpv:hasConsentStatus'} =~ s/^dpv:Consent//r) }
        @{$record->{'dpv:hasProcess'}};
    is_deeply({ map { ($_ => $fate{$_}) } keys %{$fates[$i]} }, $fates[$i], 'and what became of each category');

    my $evidence = $doc->{evidence};
    my ($entry, $line) = @{$log{$evidence->{index}}};
    (my $bytes = $line) =~ s/^\{"index":\d+,"entry":(.*)\}$/$1/;
    my $told = $evidence->{entry};
    utf8::encode($told);
    is($told, $bytes, 'the entry is the one in the log, byte for byte');

    $r = $c->json('GET', "$api/receipts/$ids[$i]/entry");
    is($r->body, $bytes, 'also by itself');

    my $o = $evidence->{opening};
    is(hmac_sha256_hex(pack('H*', $o->{nonce} . $o->{subject}) . pack('Q>Q>', $evidence->{index}, $o->{time}),
        pack 'H*', $o->{key}), $entry->{commitment}, 'which the receipt opens');
    is($o->{subject}, $record->{'dpv:hasDataSubject'}{'dct:identifier'}, 'for the one whose it is');

    for my $name (qw(status level scope by method policy policy_version)) {
        is($doc->{decision}{$name}, $entry->{$name}, "$name is what the entry says");
    }

    is_deeply([sort grep { $fate{$_} eq 'Given' } keys %fate], $entry->{categories}, 'and so are the categories');
    $subjects{$o->{subject}}++;
    $keys{$o->{key}}++;
    $nonces{$o->{nonce}}++;

    is($doc->{'dct:isReplacedBy'}, $i == 3 ? undef
        : 'urn:uuid:' . join('-', unpack 'A8A4A4A4A12', $ids[$i + 1]), 'what replaced it is named');
}

is_deeply([map { scalar keys %$_ } \%subjects, \%keys, \%nonces], [1, 1, 4],
    'one pseudonym, one key, and a nonce for each');

my $notice = $c->json('GET', "$api/receipts/$ids[0]")->json->{'dpv:hasRecordOfActivity'}{'dpv:hasNotice'}[0];
like($notice->{'dct:identifier'}, qr/^sha256:[0-9a-f]{64}$/, 'the page she decided on is named by its hash');
is($notice->{'dct:language'}, 'sv', 'and its language');

# nobody else's, nothing of it

my $other = Consent::Test::Citizen->new($t);
$other->choose(level => 'contact', scope => 'standing', ai => 'any');
my $nobody = Consent::Test::Citizen->new($t);

for my $who ([$other, 'another citizen'], [$nobody, 'nobody']) {
    for my $path ("receipt/$ids[0]", map { "api/v1/receipts/$ids[0]$_" } '', '/proof', '/entry') {
        is($who->[0]->get("/.privacy/$path")->status, 404, "$path is not there for $who->[1]");
    }
}

for my $path ("receipt/$ids[0]/entry", map { "api/v1/receipts/$_" } "$ids[0]/", "$ids[0]/entry/", "$ids[0]/key",
    '0' x 32, 'x', '', "$ids[0]0", substr $ids[0], 1)
{
    is($c->get("/.privacy/$path")->status, 404, "$path is nothing");
}

for my $method (qw(POST PUT DELETE)) {
    is($c->json($method, "$api/receipts/$ids[0]")->status, 405, "no $method");
}

done_testing();
