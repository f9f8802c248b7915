# A guardian or a representative decides for another: the token says so, every
# page says so, and the decision is marked for both to see. Nobody acts in a
# role that is not known, and who acts for another does not erase.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Login;

use JSON::PP;

my $t = Consent::Test->new;

$t->upstream({ body => 'seen' });

$t->keys;
$t->policy;
my $login = Consent::Test::Login->new($t);

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=idp acting_claim=acting;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $kim = $login->citizen(sub => 'kim');
my $guardian = $login->citizen(sub => 'kim', acting => 'guardian');
my $agent = $login->citizen(sub => 'kim', acting => 'representative');

unlike($kim->get('/.privacy/?lang=sv')->text, qr/vårdnadshavare|ombud/, 'she herself sees nothing of that');

for my $path ('', 'record', 'human', 'policy', 'erase') {
    like($guardian->get("/.privacy/$path?lang=sv")->text, qr/Du är här som vårdnadshavare för någon annan/,
        "a guardian is told on every page: $path");
}

like($agent->get('/.privacy/?lang=en')->text, qr/You are here as somebody else\S+ representative/, 'so is a representative');

$guardian->choose(level => 'forms', scope => 'standing', ai => 'any');
is($kim->state->{level}, 'forms', 'what the guardian decides is in force for her');
like($kim->get('/.privacy/record?lang=sv')->text, qr/Valet gjordes av en vårdnadshavare/, 'and she sees who did');
like($guardian->get('/.privacy/record?lang=sv')->text, qr/Valet gjordes av en vårdnadshavare/, 'as the guardian does');
like($kim->get('/.privacy/record?lang=sv')->text, qr{href="/\.privacy/erase\b}, 'she finds there where to erase');
unlike($guardian->get('/.privacy/record?lang=sv')->text, qr{href="/\.privacy/erase\b|Ta med eller radera}, 'the guardian, who cannot, does not');

$agent->json('PUT', '/.privacy/api/v1/state', headers => ['Content-Type', 'application/json'],
    body => encode_json({ policy_version => $kim->state->{policy_version}, level => 'contact' }));
$kim->choose(level => 'needed', scope => 'standing', ai => 'any');

my @by = map { $_->{by} } @{$kim->json('GET', '/.privacy/api/v1/history')->json->{decisions}};
is_deeply(\@by, ['self', 'representative', 'guardian'], 'each decision by whom it was');

my @entries = map { decode_json($_)->{entry} }
    split /\n/, $t->run_ctl('log', 'show', $t->path('store'), '--type', 'decision', '--json');
is_deeply([map { $_->{by} } @entries], [reverse @by], 'in the log too');

my $receipt = $kim->json('GET', '/.privacy/api/v1/record')->json->{receipts}[2];
is($receipt->{'dpv:hasRecordOfActivity'}{'dpv:hasConsentStatus'}[0]{'dpv:isIndicatedBy'}, 'dpv:GuardianOfDataSubject',
    'and in her receipt');

# nobody acts so that it cannot be seen

for my $c ($guardian, $agent) {
    like($c->get('/.privacy/erase?lang=en')->text, qr/Only the person whose choices these are can delete/,
        'who acts for another is offered no erasure');
    is($c->json('DELETE', '/.privacy/api/v1/record')->status, 403, 'nor can it be had');
}

my %form = $kim->form($kim->get('/.privacy/erase'), '/.privacy/erase');
is($guardian->post('/.privacy/erase', \%form)->status, 403, 'by no form either');
is(scalar @{$kim->json('GET', '/.privacy/api/v1/history')->json->{decisions}}, 3, 'everything is there');

# roles

$kim->choose(level => 'contact', scope => 'standing', ai => 'any');

for ([undef, 1], [\0, 1], ['', 1], ['self', 1], ['friend', 0], ['Guardian', 0], [\1, 0], [['guardian'], 0], [{ sub => 'x' }, 0],
    [1, 0])
{
    my ($acting, $counts) = @$_;
    my $c = $login->citizen(sub => 'kim', defined $acting ? (acting => ref $acting eq 'SCALAR'
        ? ($$acting ? JSON::PP::true : JSON::PP::false) : $acting) : ());
    my $what = JSON::PP->new->allow_nonref->canonical->encode(ref $acting eq 'SCALAR' ? "$$acting" : $acting);
    is($c->state->{level}, $counts ? 'contact' : 'needed', $counts ? "$what acts for herself" : "$what is nobody");
}

is($login->citizen(sub => 'kim', acting => JSON::PP::null)->state->{level}, 'contact', 'null is herself');

done_testing();
