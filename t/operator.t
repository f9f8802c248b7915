# What an operator does for somebody who writes or comes to the counter: her
# pseudonym, a decision, a withdrawal, an erasure, a hold, beside a running
# nginx, whose workers see it at once, and without one. The words of a case
# stand in the operator's file and nowhere else.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;
use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP ();

my $t = Consent::Test->new;
my $keys = $t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

my $conf = <<'EOF';
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        set $who "somebody at portal.example";
        consent_identity subject=$who issuer=portal;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

$t->run($conf, workers => 2);

my $store = $t->path('store');
my $claim = $t->write('claim', "somebody at portal.example\n");

sub subject {
    my ($status, $said) = $t->command('sh', '-c',
        "$Consent::Test::BUILD/consentctl subject $store --issuer portal --keys $keys @_ < $claim");
    return ($status, $said);
}

sub json { return JSON::PP->new->decode($_[0]) }

sub entry {
    my ($index) = @_;
    my @lines = grep { /^\{"index":$index,/ } split /\n/, scalar $t->run_ctl('log', 'show', $store, '--json');
    return json($lines[0])->{entry};
}

my $c = Consent::Test::Citizen->new($t);
is($c->get('/forms/')->status, 403, 'nothing is granted before');

my ($status, $said) = subject();
is($status, 0, 'a claim on standard input has a pseudonym');
my ($subject) = $said =~ /^([0-9a-f]{32})$/m or diag $said;
like($said, qr/nothing of this subject/, 'of which the store knows nothing yet');

# a decision at the counter

($status, $said) = $t->run_ctl('record', $store, $subject, '--level', 'forms', '--case', 'KS 2026/117', '--json');
is($status, 0, 'a clerk records her decision') or diag $said;
my $recorded = json($said);
is($recorded->{status}, 'given', 'given');
is($c->get('/forms/')->status, 200, 'it is in force at once');
ok(!(grep { $c->get('/forms/')->status != 200 } 1 .. 20), 'whichever worker is asked');
is($c->state->{level}, 'forms', 'and hers to see');
is($c->state->{receipt}, $recorded->{receipt}, 'with its receipt');

my $entry = entry($recorded->{entry});
is($entry->{by}, 'clerk', 'the log says that a clerk wrote it');
is($entry->{method}, 'operator', 'and how');
is($entry->{assurance}, 'identified', 'for somebody known');
is($entry->{node}, 'test.example/log', 'on this node');
is($entry->{case}, hmac_sha256_hex('KS 2026/117', pack 'H*', $recorded->{case_key}), 'who has the case can show it');
ok($t->read("store/data.mdb") !~ m{KS 2026/117|somebody at portal}, "who has the store cannot");
is(json((subject('--json'))[1])->{known}, JSON::PP::true, 'the store knows her now');

like(scalar $t->run_ctl('log', 'show', $store, '--subject', $subject), qr/by=clerk.*\[opens\]/, 'and her entry opens');

# what is no decision

for my $bad (['without a case', '--level', 'forms'], ['no level of the policy', '--level', 'nosuch', '--case', 'x'],
    ['both', '--level', 'forms', '--categories', 'contact', '--case', 'x'], ['a category that is none',
    '--categories', 'contact,nosuch', '--case', 'x'], ['an empty case', '--level', 'forms', '--case', ''],
    ['another policy', '--level', 'forms', '--case', 'x', '--policy', 'other'])
{
    my ($what, @args) = @$bad;
    is(($t->run_ctl('record', $store, $subject, @args))[0], 2, "$what is refused");
}
is(($t->run_ctl('record', $store, 'alice', '--level', 'forms', '--case', 'x'))[0], 2, 'a name is no pseudonym');
is(($t->run_ctl('record', $store, $subject, '--categories', '', '--case', 'x'))[0], 2, 'nothing at all is no choice');
like(($t->run_ctl('record', $store, $subject, '--level', 'x', '--case', 'x'))[1],
    qr/unknown level\. Levels are needed, contact, forms, fitted\n/, 'whoever does not know the levels is told');
like(($t->run_ctl('record', $store, $subject, '--categories', 'contact,x', '--case', 'x'))[1],
    qr/unknown category\. Categories that are a choice are contact, identity, /, 'or the categories');
is($c->state->{receipt}, $recorded->{receipt}, 'and nothing has changed');

($status, $said) = $t->run_ctl('record', $store, $subject, '--categories', 'location,contact', '--case', 'x',
    '--json');
is_deeply($c->state->{categories}, ['contact', 'location'], 'single categories can be recorded');
is_deeply(entry(json($said)->{entry})->{categories}, ['contact', 'location'], 'in order');

# taking it back

($status, $said) = $t->run_ctl('withdraw', $store, $subject);
is($status, 0, 'she takes it back by mail') or diag $said;
is($c->get('/forms/')->status, 403, 'and it is not in force any more');
is($c->state->{status}, 'withdrawn', 'she sees why');

# a hold, then the end

$c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 200, 'she decides herself as before');
is(($t->run_ctl('keygen', $t->path('others'), '--name', 'other.example'))[0], 0, 'another node has keys, too');
($status, $said) = $t->run_ctl('hold', $store, $subject, '--keys', $t->path('others'));
is($status, 2, 'which are not this one\'s');
like($said, qr/nothing was written: the store is that of test\.example\S*, the keys are those of other\.example/, 'as is said');
is(($t->run_ctl('hold', $store, $subject))[0], 0, 'a hold');
is(($t->run_ctl('hold', $store, $subject))[0], 1, 'of which there is one');

my $before = $t->read('store/data.mdb');
($status, $said) = $t->run_ctl('erase', $store, $subject, '--keys', $keys);
is($status, 1, 'who is held is not erased');
like($said, qr/legal hold/, 'which is said');
is($c->get('/forms/')->status, 200, 'all is as before');

$t->quit;

is(($t->run_ctl('hold', $store, $subject, '--release'))[0], 0, 'the hold ends, without nginx too');
is(($t->run_ctl('hold', $store, $subject, '--release'))[0], 1, 'once');

$t->run($conf, workers => 2);
is($c->get('/forms/?plats=Solna')->status, 200, 'a new start knows her');
is(scalar @{$c->json('GET', '/.privacy/api/v1/record')->json->{withheld}}, 1, 'and something of hers is withheld');

($status, $said) = $t->run_ctl('erase', $store, $subject, '--keys', $keys, '--case', 'KS 2026/118', '--json');
is($status, 0, 'and she is erased') or diag $said;
my $erased = json($said);
is($erased->{erased}, 4, 'with all her entries');
is($c->get('/forms/')->status, 403, 'at once, with the cookie of before');
is($c->state->{status}, 'none', 'she has decided nothing');
is_deeply($c->json('GET', '/.privacy/api/v1/record')->json->{withheld}, [], 'nor is it shown what was withheld before');
is(entry($erased->{entry})->{case}, hmac_sha256_hex('KS 2026/118', pack 'H*', $erased->{case_key}),
    'the entry is of the case');
is(($t->run_ctl('erase', $store, $subject))[0], 1, 'there is nothing left to erase');
is(($t->run_ctl('withdraw', $store, $subject))[0], 1, 'nor to withdraw');

# the bytes

my ($refused) = $t->run_ctl('store', 'compact', $store);
is($refused, 1, 'nginx has the store open: nothing is compacted');
$t->quit;
is(($t->run_ctl('store', 'compact', $store))[0], 0, 'without it, it is');

for my $file (glob "$store/*") {
    open my $f, '<:raw', $file or die;
    my $bytes = do { local $/; <$f> };
    is(index($bytes, pack 'H*', $subject), -1, "nothing of her is in $file");
}

$t->run($conf, workers => 2);
is(scalar(() = $c->get('/.privacy/record?lang=sv')->text =~ /Plats/g), 0, 'nothing of before is shown');
$c->choose(level => 'forms', scope => 'standing', ai => 'any');
is($c->get('/forms/')->status, 200, 'a fresh decision starts anew');
is_deeply($c->json('GET', '/.privacy/api/v1/record')->json->{withheld}, [], 'with nothing of before');
$t->quit;

my @owners = map { (stat)[4] } grep { -e } "$store/data.mdb", "$store/lock.mdb";
is_deeply(\@owners, [map { (stat $store)[4] } @owners], 'and every file is the owner\'s of the store') or diag "@owners";

done_testing();
