# The log of a running nginx, verified by who has its key alone: in the store,
# as exported files, and from the receipts that citizens took home.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use JSON::PP;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => '{"answer":"yes"}', headers => ['Content-Type' => 'application/json'] });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ai/ {
            consent on;
            consent_ai on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my ($store, $out) = ($t->path('store'), $t->path('log'));
my @key = ('--key', $t->path('keys/log.pub'));
my $json = JSON::PP->new->canonical->utf8;


sub ctl_is {
    my ($status, $says, $what, @args) = @_;

    my ($is, $said) = $t->run_ctl(@args);
    is($is, $status, $what) or diag $said;
    like($said, $says, 'and says so');

    return $said;
}


# what citizens do: up, down, and all back; and what an AI answers

my $api = '/.privacy/api/v1';
my (@citizens, @receipts);

for my $level (qw(forms contact needed)) {
    push @citizens, Consent::Test::Citizen->new($t);
    $citizens[-1]->choose(level => $level, scope => 'standing', ai => 'any');
    push @receipts, [$citizens[-1], $citizens[-1]->state->{receipt}];
    $t->get('/ai/x');
}

$citizens[0]->json('DELETE', "$api/state");
push @receipts, [$citizens[0], $citizens[0]->state->{receipt}];

# each takes a receipt home, when it has its proof

my @files;

for my $receipt (@receipts) {
    my ($c, $id) = @$receipt;
    my $doc;

    ok($t->wait_for(sub {
        $doc = $c->json('GET', "$api/receipts/$id")->body;
        return $json->decode($doc)->{evidence}{proof};
    }), 'a receipt has its proof soon');

    push @files, 'receipt' . @files . '.json';
    $t->write($files[-1], $doc);
    $t->write("$files[-1].proof", $c->json('GET', "$api/receipts/$id/proof")->body);
    $t->write("$files[-1].entry", $c->json('GET', "$api/receipts/$id/entry")->body);
}

# a running nginx is no hindrance

ctl_is(0, qr/^log +test\.example\/log\nentries +\d+, /, 'the store of a running nginx holds', 'log', 'verify', $store, @key);
ctl_is(0, qr/^test\.example\/log: \d+ entries, \d+ of them new$/, 'it is exported', 'log', 'export', $store, $out);
ctl_is(0, qr/^The log holds\.$/m, 'and the files hold', 'log', 'verify', $out, @key);

my $since = $t->path('since');
$t->write('since', $t->read('log/checkpoint'));

# a reload, another decision: the log goes on

$t->reload;
$citizens[1]->choose(level => 'needed', scope => 'standing', ai => 'any');
$t->quit;

my $said = ctl_is(0, qr/"holds":true/, 'a later one goes on from an earlier checkpoint',
    'log', 'verify', $store, @key, '--since', $since, '--json');
cmp_ok($json->decode($said)->{size}, '>', $json->decode($said)->{since}, 'and is longer');

ctl_is(0, qr/ of them new$/, 'it is exported again', 'log', 'export', $store, $out);
ctl_is(0, qr/goes on from that checkpoint/, 'and the files hold again', 'log', 'verify', $out, @key, '--since', $since);

# receipts, with nothing but the key

for my $file (@files) {
    ctl_is(0, qr/^The receipt holds/m, "$file holds", 'receipt', 'verify', $t->path($file), @key);
    ctl_is(0, qr/^The proof holds/m, 'so does its proof with its entry',
        'receipt', 'verify', $t->path("$file.proof"), '--entry', $t->path("$file.entry"), @key);
}

ctl_is(0, qr/"status":"withdrawn"/, 'one of a withdrawal', 'receipt', 'verify', $t->path($files[3]), @key, '--json');
ctl_is(1, qr/not in the log that was signed/, 'an entry does not hold with the proof of another',
    'receipt', 'verify', $t->path("$files[0].proof"), '--entry', $t->path("$files[1].entry"), @key);
ctl_is(2, qr/--entry is missing/, 'nor a proof without one', 'receipt', 'verify', $t->path("$files[0].proof"), @key);

# whatever is changed in a receipt

sub processes { return $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasProcess'} }
sub granted   { return $_[0] && $_[0]{'dpv:hasConsentStatus'} eq 'dpv:ConsentGiven' }

my $doc = $json->decode($t->read($files[0]));
my $other = $json->decode($t->read($files[1]));

for ([sub { $_[0]{decision}{level} = 'contact' }, 'says something else than the entry: "level"'],
     [sub { $_[0]{decision}{status} = 'refused' }, 'says something else than the entry: "status"'],
     [sub { push @{$_[0]{decision}{categories}}, 'location' }, 'says something else than the entry: "categories"'],
     [sub { $_[0]{decision}{categories} = [] }, 'says something else than the entry: "categories"'],
     [sub { $_[0]{decision}{policy_version} = 'x' }, 'says something else than the entry: "policy_version"'],
     [sub { $_[0]{decision}{decided_at} = '2099-01-01T00:00:00Z' }, 'the decision came after its entry'],
     [sub { delete $_[0]{decision} }, 'does not say what was decided'],
     [sub { $_[0]{evidence}{entry} =~ s/"given"/"refused"/ }, 'not in the log that was signed'],
     [sub { $_[0]{evidence}{entry} = $other->{evidence}{entry} }, 'not in the log that was signed'],
     [sub { $_[0]{evidence} = $other->{evidence} }, 'says something else than the entry'],
     [sub { $_[0]{evidence}{opening}{subject} = '0' x 32 }, 'does not open'],
     [sub { $_[0]{evidence}{opening}{time}++ }, 'does not open'],
     [sub { $_[0]{evidence}{opening} = $other->{evidence}{opening} }, 'does not open'],
     [sub { delete $_[0]{evidence}{opening} }, 'nothing that opens the entry'],
     [sub { $_[0]{evidence}{index}++ }, 'names another index'],
     [sub { $_[0]{evidence}{proof} = undef }, 'carries no proof yet'],
     [sub { $_[0]{evidence}{proof} = $other->{evidence}{proof} }, 'not in the log that was signed'],
     [sub { $_[0]{evidence}{proof} =~ s/\nindex (\d+)/"\nindex " . ($1 ^ 1)/e }, 'not in the log that was signed'],
     [sub { $_[0]{evidence}{proof} =~ s/(\ntest\.example\/log\n)(\d+)/$1 . ($2 + 1)/e }, 'signature that is not of the log'],
     [sub { $_[0]{evidence}{proof} =~ s/c2sp/C2SP/ }, 'its proof is none'],
     [sub { $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasProcess'}[0]{'dpv:hasConsentStatus'} =~ s/Given/Refused/
            or $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasProcess'}[0]{'dpv:hasConsentStatus'} = 'dpv:ConsentGiven' },
      'something else of a category'],
     [sub { $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasDataSubject'}{'dct:identifier'} = '0' x 32 }, 'names another pseudonym'],
     [sub { delete $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasDataSubject'} }, 'names another pseudonym'],
     [sub { $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasNotice'}[0]{'dct:identifier'} =~ s/[0-9]$/a/ or
            $_[0]{'dpv:hasRecordOfActivity'}{'dpv:hasNotice'}[0]{'dct:identifier'} =~ s/[a-f]$/0/ }, 'names another notice'],
     [sub { shift @{processes($_[0])} while granted(processes($_[0])->[0]) }, 'leaves out 2 of the categories'],
     [sub { @{processes($_[0])} = grep { !granted($_) } @{processes($_[0])} }, 'leaves out 2 of the categories'],
     [sub { @{processes($_[0])} = () }, 'leaves out 2 of the categories'],
     [sub { delete $_[0]{'dpv:hasRecordOfActivity'} }, 'leaves out 2 of the categories'],
     [sub { push @{processes($_[0])}, processes($_[0])->[0] }, 'something else of a category'],
     [sub { @{$_[0]{evidence}}{qw(status index entry proof opening)} = ('none') }, 'carries no proof, and says so'])
{
    my ($change, $says) = @$_;
    my $copy = $json->decode($json->encode($doc));

    $change->($copy);
    $t->write('changed.json', $json->encode($copy));
    ctl_is(1, qr/\Q$says\E/, "a receipt that was changed: $says", 'receipt', 'verify', $t->path('changed.json'), @key);
}

$t->write('nothing.json', '{}');
ctl_is(2, qr/is no receipt/, 'what is no receipt', 'receipt', 'verify', $t->path('nothing.json'), @key);

# another node's key

$t->keys(dir => 'others', name => 'other.example/log');
my @other = ('--key', $t->path('others/log.pub'));
ctl_is(1, qr/is of another log than the key/, 'a receipt is not of another log',
    'receipt', 'verify', $t->path($files[0]), @other);
ctl_is(1, qr/is of another log than the key/, 'nor is the log', 'log', 'verify', $out, @other);

# one bit in the middle of the entries

my ($bundle) = sort { -s $b <=> -s $a } glob "$out/tile/entries/000.p/*";

open my $f, '+<:raw', $bundle or die "$bundle: $!\n";
seek $f, 3000, 0;
read $f, my $byte, 1;
seek $f, 3000, 0;
print $f chr(ord($byte) ^ 1);
close $f;

ctl_is(1, qr/^entry \d+ is not (?:there )?as it was published$/m, 'a log with one bit changed does not hold',
    'log', 'verify', $out, @key);

done_testing;
