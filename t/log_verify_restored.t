# A restored store goes on in a log of its own, under the same key: both logs
# hold, each under its name, and so do receipts from either.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use JSON::PP;

my $t = Consent::Test->new;
my $json = JSON::PP->new->utf8;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        location /.privacy/ { consent_pages; }
    }
EOF

my $api = '/.privacy/api/v1';
my ($store, $out) = ($t->path('store'), $t->path('log'));
my @key = ('--key', $t->path('keys/log.pub'));


sub holds {
    my ($what, @args) = @_;

    my ($status, $said) = $t->run_ctl(@args);
    is($status, 0, $what) or diag $said;

    return $said;
}


# Somebody decides and takes the receipt home.
sub decide {
    my ($name) = @_;

    my $c = Consent::Test::Citizen->new($t);
    my $doc;

    $c->choose(level => 'forms', scope => 'standing', ai => 'any');
    my $id = $c->state->{receipt};

    ok($t->wait_for(sub {
        $doc = $c->json('GET', "$api/receipts/$id")->body;
        return $json->decode($doc)->{evidence}{proof};
    }), 'a receipt has its proof');
    $t->write($name, $doc);
}


decide('before.json');
decide('before.json');
$t->quit;

holds('a backup', 'store', 'backup', $store, $t->path('backup'));
rename $store, $t->path('lost') or die;
holds('is restored', 'store', 'restore', $t->path('backup'), $store, '--keys', $t->path('keys'));
$t->start;

decide('after.json');
decide('after.json');
$t->quit;

like(holds('the new log holds', 'log', 'verify', $store, @key), qr{^log +test\.example/log/1$}m, 'under its name');
like(holds('and so does the one before', 'log', 'verify', $store, @key, '--log', 0), qr{^log +test\.example/log$}m,
    'under its own');

holds('the new one is exported', 'log', 'export', $store, $out);
holds('and the files hold', 'log', 'verify', $out, @key);
is(($t->run_ctl('log', 'export', $store, $out, '--log', 0))[0], 1, 'the one before is not written over it');
holds('but elsewhere', 'log', 'export', $store, $t->path('earlier'), '--log', 0);
holds('where it holds', 'log', 'verify', $t->path('earlier'), @key);

holds('a receipt from before', 'receipt', 'verify', $t->path('before.json'), @key);
holds('a receipt from after', 'receipt', 'verify', $t->path('after.json'), @key);

my $after = $json->decode($t->read('after.json'));
my ($index) = $after->{evidence}{proof} =~ /\nindex (\d+)\n/;
cmp_ok($index, '<', $after->{evidence}{index}, 'whose proof counts from where the log began');

done_testing;
